import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { guardedRoot } from '../helpers/shell.ts';
import { BashLab, bashes, copyOfGuard } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();

describe.each(bashes)('%s', (_name, bash) => {
  test('a heredoc of 1 MB passes through, with a runner’s name in it or without', async () => {
    const line = 'lorem ipsum dolor sit amet consectetur adipiscing elit\n';
    const body = line.repeat(Math.ceil(1_000_000 / line.length));
    for (const extra of ['', 'then run npx jest\n']) {
      const stdin = `source "$HOOK"\nwc -c <<'E'\n${body}${extra}E\necho "s=$?"\n`;
      const result = await lab.run('', { bash, guarding: 'plain', file: '-s', stdin });
      expect(result.stdout.trim()).toBe(`${body.length + extra.length}\ns=0`);
      expect(result.stderr).toBe('');
      expect(result.suites).toBe(0);
    }
  });

  test('a heredoc of 1 MB that is fed to a shell is read as the commands that it is', async () => {
    const body = ': x\n'.repeat(250_000);
    const stdin = `source "$HOOK"\nbash <<'E' | tail -1\nnpx jest\necho "inner=$?"\n${body}E\necho "s=$?"\n`;
    const result = await lab.run('', { bash, guarding: 'plain', file: '-s', stdin });
    expect(result.suites).toBe(0);
    expect(result.events.length).toBeGreaterThan(0);
    expect(result.stderr).toContain('no tests ran');
  });

  test('a script file of many lines, and one with an archive behind its text, are run as they stand', async () => {
    const many = `${'x=$((x + 1))\n'.repeat(20_000)}echo "$x"\n`;
    expect((await lab.run('', { bash, file: '/dev/stdin', guarding: 'plain', stdin: many })).stdout).toBe('');
    const file = join(lab.workspace.path, 'installer.run');
    writeFileSync(
      file,
      Buffer.concat([Buffer.from('npx jest | tail\necho "s=$?"\nexit 0\n'), Buffer.alloc(300_000, 0)]),
    );
    const result = await lab.run('', { bash, file });
    expect(result.stdout).toBe('s=126\n');
    expect(result.messages).toHaveLength(1);
  });

  test('control characters and bytes that are no text are shown escaped, and block as any other', async () => {
    const stdin = Buffer.concat([
      Buffer.from('source "$HOOK"\nnpx jest $\'\\e[31m\' "'),
      Buffer.from([0xff, 0xfe, 0x1b, 0x5b, 0x32, 0x4a, 0x07, 0x80]),
      Buffer.from('" | tail\necho "s=$?"\n: '),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('; npx jest \xe9; echo "s=$?"\n', 'latin1'),
    ]);
    const result = await lab.run('', { bash, guarding: 'plain', file: '-s', stdin });
    expect(result.stdout).toBe('s=126\ns=126\n');
    expect(result.messages).toHaveLength(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is there is the point.
    expect(result.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(result.suites).toBe(0);
  });

  test('a command over several lines is one command', async () => {
    const script = 'npx jest \\\n  "a\nb" \\\n  --silent |\n  tail\necho "s=$?"';
    const result = await lab.run(script, { bash });
    expect(result.stdout).toBe('s=126\n');
    expect(result.messages).toHaveLength(1);
    expect(result.stderr).toContain("jest -- $'a\\nb' --silent");
  });

  test('words that are not plain are left to the layers below, and none is evaluated a second time', async () => {
    const script = [
      'count() { echo x >>count.txt; echo npx; }',
      '$(count) jest; echo "s=$?"',
      `a=(npx jest); "\${a[@]}"; echo "s=$?"`,
      'run() { "$@"; }; run npx jest; echo "s=$?"',
      'x=\'npx;echo EVALUATED\'; "$x" jest 2>/dev/null; echo "s=$?"',
      '"$(echo npx)" jest "$(echo y >>count.txt)"; echo "s=$?"; wc -l <count.txt',
    ].join('\n');
    const result = await lab.run(`rm -f count.txt; ${script}`, { bash });
    expect(result.stdout.replace(/ +/g, '')).toBe('s=126\ns=126\ns=126\ns=127\ns=126\n2\n');
    expect(result.suites).toBe(0);
    expect(result.events).toHaveLength(4);
  });

  test('Ctrl-C while the guard is being asked ends the line, and nothing else', async () => {
    const ask = "process.stderr.write('asking\\n'); setInterval(() => undefined, 1000);";
    const root = copyOfGuard((path) => writeFileSync(join(path, 'dist/ask.cjs'), ask));
    const shell = lab.terminal({ bash, rc: `kept=1; source '${join(root, 'hooks/guarded.sh')}'` });
    await shell.type('true');
    await shell.interrupt('python3 -m pytest; echo not', /asking/);
    const screen = await shell.interrupt('for i in 1 2; do python3 -m pytest; done', /asking/);
    expect(screen).not.toMatch(/^not|without a check/m);
    copyOver(root);
    expect(await shell.type('python3 -m pytest; echo "s=$? $kept"')).toMatch(/no tests ran(.|\n)*s=126 1$/);
    expect(await shell.type('trap -p DEBUG | grep -c DEBUG; set -o | grep -c "functrace.*off"')).toBe('1\n1');
  });
});

function copyOver(root: string): void {
  cpSync(join(guardedRoot, 'dist'), join(root, 'dist'), { recursive: true, force: true });
}
