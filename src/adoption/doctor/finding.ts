import { join } from 'node:path';
import type { LoadedConfig } from '../../config.ts';
import type { Environment } from '../../env.ts';
import type { ModeInForce } from '../../mode.ts';
import { shellPath } from '../shell-path.ts';

/** How one layer or setting stands. `off` is a choice, `broken` needs mending, `unseen` is not to be known from here. */
export type Health = 'ok' | 'off' | 'broken' | 'unseen';

/** One line of the doctor's report. */
export interface Finding {
  readonly subject: string;
  readonly health: Health;
  /** What was found, one sentence. */
  readonly detail: string;
  /** The command or edit that mends it; null when nothing needs to be done. */
  readonly mend: string | null;
}

/** What the doctor looks at. */
export interface Patient {
  readonly environment: Environment;
  readonly cwd: string;
  /** The directory of the package whose files should be active. */
  readonly root: string;
}

/** The patient, and what was read of its settings. */
export interface Examination extends Patient {
  readonly envPrefix: string;
  readonly config: LoadedConfig;
  readonly mode: ModeInForce;
}

/** A finding that needs nothing done. */
export function ok(subject: string, detail: string): Finding {
  return { subject, health: 'ok', detail, mend: null };
}

/** The command that guards the shell in which it is typed. */
export function sourceHook(root: string): string {
  return `source ${shellPath(join(root, 'hooks', 'guarded.sh'))}`;
}
