import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { installation } from '../guard/shim-lab';
import { baseEnvironment, guardedRoot, runShell } from '../helpers/shell';
import { makeWorkspace } from '../helpers/workspace';

jest.setTimeout(60_000);

const bin = join(guardedRoot, 'bin');

async function healthBelow(
  command: readonly [string, ...string[]],
): Promise<Readonly<Record<string, string>>> {
  const [shell, ...args] = command;
  const state = { BASESHOP_STATE_DIR: join(baseEnvironment().HOME ?? '', 'state') };
  const { stdout } = await runShell({
    shell,
    args: [...args, join(bin, 'test-governor'), 'doctor', '--json'],
    env: baseEnvironment(state),
  });
  const { findings } = JSON.parse(stdout);
  return Object.fromEntries(
    findings.map(({ subject, health }: { readonly subject: string; readonly health: string }) => [
      subject,
      health,
    ]),
  );
}

describe('test-governor doctor', () => {
  test('finds every layer of the environment below with-guard, and none of them elsewhere', async () => {
    const layers = ['PATH shims', 'node preload', 'bash below', 'zsh below'];
    const below = await healthBelow([join(bin, 'with-guard')]);
    const plain = await healthBelow(['/usr/bin/env']);
    expect(layers.map((layer) => below[layer])).toEqual(layers.map(() => 'ok'));
    expect(layers.map((layer) => plain[layer])).toEqual(layers.map(() => 'off'));
  });

  test('claims to know the text hook of no shell, and says how that shell tells', async () => {
    const { stdout } = await runShell({
      shell: join(bin, 'with-guard'),
      args: [join(bin, 'test-governor'), 'doctor'],
      env: baseEnvironment(),
    });
    expect(stdout).toMatch(/^unseen text hook: .*"type guard_off"/m);
  });

  test('finds out that nothing can be written by writing', async () => {
    const { stdout } = await runShell({
      shell: 'sh',
      args: ['-c', `ulimit -f 0; exec '${join(bin, 'test-governor')}' doctor`],
      env: baseEnvironment(),
    });
    expect(stdout).toMatch(
      /^BROKEN state of the .*: nothing can be written in .*: the file size limit is reached$/m,
    );
  });

  test('names the one place of state once, outside of any repository', async () => {
    const place = mkdtempSync(join(tmpdir(), 'nowhere-'));
    try {
      const { stdout } = await runShell({
        shell: join(bin, 'test-governor'),
        args: ['doctor'],
        cwd: place,
        env: baseEnvironment(),
      });
      expect(stdout.match(/^.*state of the.*$/gm)).toEqual([
        expect.stringMatching(/^ok +state of the machine: .*, whose queue is in force here$/),
      ]);
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  test.each([
    ['test-governor run', 'ok', /test:governed is there/],
    ['echo mine', 'broken', /is "echo mine", which starts no governed run/],
    [
      'node ../../bin/test-governor run',
      'broken',
      /starts \.\.\/\.\.\/bin\/test-governor, which is not there/,
    ],
  ])('looks at what test:governed starts: %s is %s', async (script, health, detail) => {
    const workspace = makeWorkspace({
      files: {
        'package.json': JSON.stringify({ scripts: { 'test:governed': script } }),
        'node_modules/.bin/test-governor': '',
      },
      git: true,
    });
    try {
      const { stdout } = await runShell({
        shell: join(bin, 'test-governor'),
        args: ['doctor', '--json'],
        cwd: workspace.path,
        env: baseEnvironment(),
      });
      const { findings } = JSON.parse(stdout);
      expect(findings).toContainEqual(
        expect.objectContaining({
          subject: 'governed script',
          health,
          detail: expect.stringMatching(detail),
        }),
      );
    } finally {
      workspace.cleanup();
    }
  });

  test('says how generated files get the prefix of the config that holds here', async () => {
    const root = installation();
    for (const name of ['templates', 'package.json', 'node_modules']) {
      symlinkSync(join(guardedRoot, name), join(root, name));
    }
    const workspace = makeWorkspace({
      files: { 'test-governor.config.json': '{ "envPrefix": "ACME" }' },
      git: true,
    });
    try {
      const governor = join(root, 'bin/test-governor');
      const type = (script: string) => {
        const env = baseEnvironment({ PATH: `${join(root, 'bin')}:${baseEnvironment().PATH}` });
        return runShell({ shell: 'sh', script, cwd: workspace.path, env });
      };
      const { stdout } = await type(`'${governor}' doctor`);
      const [, mend = ''] = /^BROKEN generated files: .*\n +to change that: (.*)$/m.exec(stdout) ?? [];
      expect(mend).toBe('test-governor generate');
      const after = await type(`${mend} && '${governor}' doctor`);
      expect(after.stdout).toMatch(/^ok +generated files: /m);
    } finally {
      workspace.cleanup();
    }
  });

  test('finds a governed script broken whose program is not installed, and says how to install it', async () => {
    const workspace = makeWorkspace({
      files: { 'package.json': JSON.stringify({ scripts: { 'test:governed': 'test-governor run' } }) },
      git: true,
    });
    try {
      const doctor = (environment: Readonly<Record<string, string>>) =>
        runShell({
          shell: join(bin, 'test-governor'),
          args: ['doctor'],
          cwd: workspace.path,
          env: baseEnvironment(environment),
        });
      const { stdout, status } = await doctor({});
      expect(status).toBe(1);
      expect(stdout).toMatch(
        /^BROKEN governed script: test-governor is neither a dependency here nor on PATH.*127\n.*npm i -g \S+$/m,
      );
      const onPath = await doctor({ PATH: `${bin}:${baseEnvironment().PATH}` });
      expect(onPath.stdout).toMatch(/^ok +governed script: /m);
    } finally {
      workspace.cleanup();
    }
  });
});
