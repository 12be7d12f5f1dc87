import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, quote, runShell, type ShellResult } from '../helpers/shell.ts';

const directory = join(__dirname, 'everyday');
const root = mkdtempSync(join(tmpdir(), 'everyday-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Script {
  readonly name: string;
  readonly shell: string;
  readonly text: string;
  /** The status that its first line announces (`ends: 3`), 0 when it announces none. */
  readonly ends: number;
  /** True when its first line says that its output shows a hook that the script itself has sourced (`shows: …`). */
  readonly showsHook: boolean;
}

const scripts: readonly Script[] = readdirSync(directory)
  .sort()
  .map((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    const [first = '', second = ''] = text.split('\n');
    const header = `${first}\n${second}`;
    return {
      name,
      shell: extname(name).slice(1),
      text,
      ends: Number(/ends: (\d+)/.exec(header)?.[1] ?? 0),
      showsHook: /shows: /.test(header),
    };
  });

/**
 * What a watched bash script shows of the hook, and nothing else: `set -v` prints each trap that it runs, and functions are
 * watched by functrace. docs/layers.md names both. Takes exactly that out again.
 */
const shownOfTheHook: Readonly<Record<string, (result: ShellResult) => ShellResult>> = {
  'verbose.bash': (result) => ({
    ...result,
    stderr: result.stderr.replace(/^case \$baseshop_guard_due.*; esac\n/gm, ''),
  }),
  'options.bash': (result) => ({
    ...result,
    stdout: result.stdout
      .replace(/^hBT$/m, 'hB')
      .replace(/^(functrace +\t)on$/m, '$1off')
      .replace(':functrace:', ':'),
  }),
};

function withoutTheHook(script: Script, result: ShellResult): ShellResult {
  return shownOfTheHook[script.name]?.(result) ?? result;
}

/** Names a runner in a comment, which is enough for the hook to watch the script's every command. */
const suspicion = '\n# npx jest\n';

const patience = 60_000;

/**
 * Runs `text` as a file of the script's own name below `place`: the same for every variant that is compared, so that no
 * path differs, and one that nothing else uses meanwhile.
 */
async function run(
  script: Script,
  text: string,
  place: string,
  guard: 'plain' | 'with-guard',
): Promise<ShellResult> {
  const work = join(place, 'work');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const file = join(place, script.name);
  writeFileSync(file, text);
  const env = baseEnvironment({ HOME: place, SHLVL: '1', BASESHOP_POLICY_MODE: 'enforce' });
  const [shell, args] =
    guard === 'plain' ? [script.shell, [file]] : [join(guardedRoot, 'bin/with-guard'), [script.shell, file]];
  return runShell({ shell, args, cwd: work, env });
}

test.concurrent.each(scripts.map((script) => ({ name: script.name, script })))(
  '$name ends as it announces, and alike below with-guard',
  async ({ script }) => {
    const place = join(root, 'below', script.name);
    const plain = await run(script, script.text, place, 'plain');
    expect(plain).toMatchObject({ status: script.ends, signal: null });
    expect(await run(script, script.text, place, 'with-guard')).toEqual(plain);
  },
  patience,
);

test.concurrent.each(scripts.map((script) => ({ name: script.name, script })))(
  '$name ends alike below with-guard when a comment of it names a runner',
  async ({ script }) => {
    const place = join(root, 'suspect', script.name);
    const suspect = script.text + suspicion;
    const plain = await run(script, suspect, place, 'plain');
    expect(withoutTheHook(script, await run(script, suspect, place, 'with-guard'))).toEqual(plain);
  },
  patience,
);

test.concurrent.each(
  scripts.filter((script) => !script.showsHook).map((script) => ({ name: script.name, script })),
)(
  '$name ends alike when it sources the guard in its first line',
  async ({ script }) => {
    const place = join(root, 'sourced', script.name);
    const plain = await run(script, script.text, place, 'plain');
    // The guard takes the place of the first line, so that line numbers stay.
    const sourced = script.text.replace(/^.*/, `. ${quote(join(guardedRoot, 'hooks/guarded.sh'))}`);
    expect(withoutTheHook(script, await run(script, sourced, place, 'plain'))).toEqual(plain);
  },
  patience,
);
