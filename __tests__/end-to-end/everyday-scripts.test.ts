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

/** Names a runner in a comment, which is enough for the hook to watch the script's every command. */
const suspicion = '\n# npx jest\n';

/** Runs `text` as a file of the same name in a directory of the same name, whatever the variant, so that no path differs. */
async function run(script: Script, text: string, guarded: boolean): Promise<ShellResult> {
  const place = join(root, script.name);
  const work = join(place, 'work');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const file = join(place, script.name);
  writeFileSync(file, text);
  const env = baseEnvironment({ HOME: place, SHLVL: '1', BASESHOP_POLICY_MODE: 'enforce' });
  return guarded
    ? runShell({ shell: join(guardedRoot, 'bin/with-guard'), args: [script.shell, file], cwd: work, env })
    : runShell({ shell: script.shell, args: [file], cwd: work, env });
}

test.concurrent.each(scripts.map((script) => ({ name: script.name, script })))(
  '$name ends as it announces, and alike with the guard, also when its text names a runner',
  async ({ script }) => {
    const plain = await run(script, script.text, false);
    expect(plain).toMatchObject({ status: script.ends, signal: null });
    expect(await run(script, script.text, true)).toEqual(plain);
    const plainSuspect = await run(script, script.text + suspicion, false);
    expect(await run(script, script.text + suspicion, true)).toEqual(plainSuspect);
    if (script.showsHook) return;
    // The guard takes the place of the first line, so that line numbers stay.
    const sourced = script.text.replace(/^.*/, `. ${quote(join(guardedRoot, 'hooks/guarded.sh'))}`);
    expect(await run(script, sourced, false)).toEqual(plain);
  },
  60_000,
);
