import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, runShell, type ShellResult } from '../helpers/shell';
import { shims, temporaryDirectory, toolsDirectory, writeEcho, writeProgram } from './shim-lab';

// Each of these takes milliseconds; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

/**
 * A shim of another version manager, in the manner of asdf, mise and volta: it looks through PATH past its own directory only.
 * `start` is how it starts what it finds; it gives up after 40 calls, which a test then sees.
 */
function writeManager(directory: string, start: string): void {
  writeProgram(
    join(directory, 'npx'),
    `#!/bin/bash
own=$(cd "\${0%/*}" && pwd)
echo called >>"$own/calls"
if (( $(wc -l <"$own/calls") > 40 )); then echo 'going round in circles' >&2; exit 99; fi
IFS=: read -ra entries <<<"$PATH"
for entry in "\${entries[@]}"; do
  [[ $entry -ef $own || ! -x $entry/npx ]] || ${start}
done
echo "manager: no npx" >&2
exit 127
`,
  );
}

const inPlace = 'exec "$entry/npx" "$@"';
const asChild = '{ "$entry/npx" "$@"; exit; }';
const asGrandchild = '{ sh -c \'"$@"; exit $?\' sh "$entry/npx" "$@"; exit; }';

const manners = [
  ['becomes what it finds', inPlace],
  ['starts what it finds as a child', asChild],
  ['starts what it finds through another shell', asGrandchild],
] as const;

function calls(directory: string): number {
  const file = join(directory, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

function run(...entries: readonly string[]): Promise<ShellResult> {
  const env = baseEnvironment({ PATH: [...entries, toolsDirectory()].join(delimiter) });
  return runShell({ shell: join(shims, 'npx'), args: ['one'], env });
}

describe('beside a version manager that looks through PATH itself and', () => {
  test.each(manners)('%s, the real program runs', async (_what, start) => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'manager'), start);
    writeEcho(join(lab, 'bin/npx'), 'real');
    expect(await run(shims, join(lab, 'manager'), join(lab, 'bin'))).toEqual({
      status: 0,
      signal: null,
      stdout: 'real\none\n',
      stderr: '',
    });
  });

  test.each(manners)('%s, a program that is nowhere is not found, soon', async (_what, start) => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'manager'), start);
    expect(await run(shims, join(lab, 'manager'))).toMatchObject({
      status: 127,
      stdout: '',
      stderr: 'npx: command not found\n',
    });
    expect(calls(join(lab, 'manager'))).toBeLessThan(20);
  });

  test.each(manners)('%s, a second manager behind it has its turn', async (_what, start) => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'first'), start);
    writeManager(join(lab, 'second'), inPlace);
    writeEcho(join(lab, 'bin/npx'), 'real');
    expect(await run(shims, join(lab, 'first'), join(lab, 'second'), join(lab, 'bin'))).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
    });
    expect(calls(join(lab, 'second'))).toBeGreaterThan(0);
  });

  test('becomes what it finds, it is called once', async () => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'manager'), inPlace);
    writeEcho(join(lab, 'bin/npx'), 'real');
    await run(shims, join(lab, 'manager'), join(lab, 'bin'));
    expect(calls(join(lab, 'manager'))).toBe(1);
  });

  test('stands before the shims, the real program runs', async () => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'manager'), inPlace);
    writeEcho(join(lab, 'bin/npx'), 'real');
    expect(await run(join(lab, 'manager'), shims, join(lab, 'bin'))).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
    });
  });

  test('takes its own directory off PATH, the real program runs', async () => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'manager'), `{ PATH=\${PATH/"$own:"}; ${inPlace}; }`);
    writeEcho(join(lab, 'bin/npx'), 'real');
    expect(await run(shims, join(lab, 'manager'), join(lab, 'bin'))).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
    });
  });

  test('knows by itself which version it is to start, that one is not passed over further down', async () => {
    const lab = temporaryDirectory();
    // Each level starts the next through PATH, as a package script does that calls npx.
    writeProgram(
      join(lab, 'chosen/npx'),
      '#!/bin/sh\nlevel=$1\n[ "$level" = 6 ] && echo chosen || { npx $((level + 1)); exit; }\n',
    );
    writeProgram(join(lab, 'manager/npx'), `#!/bin/sh\nexec ${join(lab, 'chosen/npx')} "$@"\n`);
    writeEcho(join(lab, 'bin/npx'), 'another version');
    const env = baseEnvironment({
      PATH: [shims, join(lab, 'manager'), join(lab, 'bin'), toolsDirectory()].join(delimiter),
    });
    expect(await runShell({ shell: 'sh', script: 'npx 1', env })).toMatchObject({
      status: 0,
      stdout: 'chosen\n',
    });
  });
});

describe('the word that a shim leaves for itself', () => {
  const name = 'BASESHOP_GUARD_SHIM_npx';

  test('is gone once the real program is found behind a manager', async () => {
    const lab = temporaryDirectory();
    writeManager(join(lab, 'manager'), inPlace);
    writeProgram(join(lab, 'node_modules/.bin/npx'), '#!/bin/sh\nenv\n');
    const { status, stdout } = await run(shims, join(lab, 'manager'), join(lab, 'node_modules/.bin'));
    expect(status).toBe(0);
    expect(stdout).not.toContain(name);
  });

  test.each([
    'x:1:',
    'xxxxxxxxxxxx:1:/bin/nothing',
    'xxxxxxxxxxxxxxxxxxxxxxxxxxx:1:y',
    '$(exit 9):`id`:*',
    ':',
    'a',
  ])('says nothing wrong when a user puts %j there', async (value) => {
    const lab = temporaryDirectory();
    writeEcho(join(lab, 'bin/npx'), 'real');
    const env = baseEnvironment({
      PATH: [shims, join(lab, 'bin'), toolsDirectory()].join(delimiter),
      [name]: value,
    });
    expect(await runShell({ shell: join(shims, 'npx'), args: ['one'], env })).toMatchObject({
      status: 0,
      stdout: 'real\none\n',
      stderr: '',
    });
  });
});
