import type { Intent } from '../../policy/verdict.ts';
import { changedIntent } from './changed.ts';
import type { IntentEntry } from './intent.ts';
import { jestIntent } from './jest.ts';
import { pytestIntent } from './pytest.ts';
import { turboIntent } from './turbo.ts';
import { vitestIntent } from './vitest.ts';
import { watchExclusiveIntent } from './watch-exclusive.ts';

/** Everything that a governed run can be asked to do; nothing else is accepted. */
export const intents: Readonly<Record<Intent, IntentEntry>> = {
  jest: jestIntent,
  vitest: vitestIntent,
  turbo: turboIntent,
  changed: changedIntent,
  'watch-exclusive': watchExclusiveIntent,
  pytest: pytestIntent,
};
