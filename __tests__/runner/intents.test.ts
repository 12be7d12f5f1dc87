import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Intent } from '../../src/policy/verdict.ts';
import { intents } from '../../src/runner/intents/index.ts';
import { makeWorkspace, type Workspace } from '../helpers/workspace.ts';

let workspace: Workspace;
let empty: Workspace;
beforeAll(() => {
  workspace = makeWorkspace({ files: {}, link: ['jest', 'vitest', 'turbo'] });
  empty = makeWorkspace({ files: {} });
});
afterAll(() => {
  workspace.cleanup();
  empty.cleanup();
});

interface Where {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly cap?: number;
}

function plan(
  intent: Intent,
  args: readonly string[],
  { directory, environment = {}, isTerminal = false, cap }: Where = {},
) {
  const situation = {
    directory: directory ?? workspace.path,
    environment,
    envPrefix: 'BASESHOP',
    isTerminal,
    limits: { cap: cap ?? null, cpus: 8, isFree: false },
    slots: 5,
    pytestWorkers: null,
    loadBand: () => 'low' as const,
  };
  return intents[intent].plan(args, situation);
}

describe('a governed run', () => {
  test.each<[Intent, string[], string[]]>([
    ['jest', [], ['--maxWorkers=2']],
    ['jest', ['src', '--ci'], ['src', '--ci', '--maxWorkers=2']],
    ['jest', ['--runInBand=false'], ['--runInBand=false', '--maxWorkers=2']],
    ['jest', ['--runInBand', 'false'], ['--runInBand', 'false', '--maxWorkers=2']],
    ['jest', ['-bt', 'i'], ['-bt', 'i', '--maxWorkers=2']],
    ['jest', ['-ti'], ['-ti', '--maxWorkers=2']],
    ['jest', ['src', '--', 'x'], ['src', '--maxWorkers=2', '--', 'x']],
    ['vitest', [], ['run', '--maxWorkers=2']],
    ['vitest', ['run', 'src'], ['run', 'src', '--maxWorkers=2']],
    ['vitest', ['related', 'a.ts'], ['related', '--run', 'a.ts', '--maxWorkers=2']],
    ['vitest', ['bench', 'a'], ['bench', '--run', 'a', '--maxWorkers=2']],
    ['vitest', ['bench', '--run', 'a'], ['bench', '--run', 'a', '--maxWorkers=2']],
    ['turbo', ['run', 'test', '--affected'], ['run', 'test', '--affected', '--concurrency=2']],
    ['turbo', ['test', '--filter=web'], ['test', '--filter=web', '--concurrency=2']],
    ['turbo', ['run', 'web#test', '--', '-u'], ['run', 'web#test', '--concurrency=2', '--', '-u']],
    ['changed', ['-o'], ['-o', '--maxWorkers=2']],
    ['changed', ['--findRelatedTests', 'a.ts'], ['--findRelatedTests', 'a.ts', '--maxWorkers=2']],
    ['changed', ['related', 'a.ts'], ['related', '--run', 'a.ts', '--maxWorkers=2']],
    ['changed', ['run', '--changed'], ['run', '--changed', '--maxWorkers=2']],
  ])('of %s with %j starts it with %j', (intent, args, expected) => {
    expect(plan(intent, args)).toMatchObject({ kind: 'start', args: expected });
  });

  test.each<[Intent, string[]]>([
    ['jest', ['--maxWorkers=4']],
    ['jest', ['--maxWorkers', '50%']],
    ['jest', ['-w', '3']],
    ['jest', ['-w3']],
    ['jest', ['-i']],
    ['jest', ['--runInBand']],
    ['jest', ['-bi', 'src']],
    ['jest', ['-it', 'a name']],
    ['jest', ['-iw', '3']],
    ['jest', ['-bw3']],
    ['vitest', ['run', '--maxWorkers=1']],
    ['vitest', ['run', '--no-file-parallelism']],
    ['turbo', ['run', 'test', '--affected', '--concurrency=5']],
    ['turbo', ['run', 'test', '--affected', '--concurrency', '50%']],
  ])('of %s leaves the number of workers to the caller in %j', (intent, args) => {
    expect(plan(intent, args)).toMatchObject({ kind: 'start', args });
  });

  test.each<[string[], string[]]>([
    [
      ['-bw8', 'src'],
      ['-b', '--maxWorkers=3', 'src'],
    ],
    [
      ['-bw', '8', 'src'],
      ['-b', '--maxWorkers=3', 'src'],
    ],
    [['-w8'], ['--maxWorkers=3']],
    [['-bw2'], ['-bw2']],
    [['-bi'], ['-bi']],
  ])('of jest with %j and a cap of three workers is started with %j', (args, expected) => {
    expect(plan('jest', args, { cap: 3 })).toMatchObject({ kind: 'start', args: expected });
  });

  test('takes a path that only begins like a flag for no flag', () => {
    expect(plan('jest', ['-web.test.js'])).toMatchObject({ args: ['-web.test.js', '--maxWorkers=2'] });
  });

  test.each<[Intent, string[], string]>([
    ['jest', ['--watch'], 'watch-exclusive -- jest'],
    ['jest', ['--watchAll=true'], 'watch-exclusive -- jest'],
    ['vitest', ['--watch'], 'watch-exclusive -- vitest'],
    ['vitest', ['dev'], 'watch-exclusive -- vitest'],
    ['turbo', [], 'test-governor run turbo -- run test --affected'],
    ['turbo', ['run', 'test'], 'test-governor run turbo -- run test --affected'],
    ['turbo', ['run', 'web#test', 'test'], 'test-governor run turbo -- run web#test test --affected'],
    ['turbo', ['watch', 'test', '--filter=web'], 'test-governor run turbo -- run test --filter=web'],
    ['watch-exclusive', [], 'test-governor run watch-exclusive -- jest'],
    ['watch-exclusive', ['rm'], 'test-governor run watch-exclusive -- jest'],
    ['watch-exclusive', ['jest'], 'BASESHOP_ALLOW_WATCH_EXCLUSIVE=1'],
  ])('of %s with %j is refused with what to type instead', (intent, args, sentence) => {
    const refused = plan(intent, args);
    if (refused.kind !== 'refused') throw new Error(`it was ${refused.kind}`);
    expect(refused.sentence).toContain(sentence);
  });

  test('watches in a terminal, on request, with one worker', () => {
    const allowed = { environment: { BASESHOP_ALLOW_WATCH_EXCLUSIVE: '1' } };
    expect(plan('watch-exclusive', ['jest', 'src'], allowed)).toMatchObject({ kind: 'refused' });
    const onTerminal = { ...allowed, isTerminal: true };
    expect(plan('watch-exclusive', ['jest', 'src'], onTerminal)).toMatchObject({
      args: ['--runInBand', '--watch', 'src'],
    });
    expect(plan('watch-exclusive', ['vitest'], onTerminal)).toMatchObject({
      args: ['watch', '--maxWorkers=1'],
    });
  });

  test.each<[Intent, string]>([
    ['jest', 'npm install --save-dev jest'],
    ['vitest', 'npm install --save-dev vitest'],
    ['turbo', 'npm install --save-dev turbo'],
    ['pytest', 'python3 -m pip install pytest'],
  ])('of %s that is not installed says how to install it', (intent, command) => {
    const refused = plan(intent, [], { directory: empty.path });
    if (refused.kind !== 'refused') throw new Error(`it was ${refused.kind}`);
    expect(refused.sentence).toContain(command);
  });
});
