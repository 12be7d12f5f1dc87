import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

const made: string[] = [];
afterAll(() => {
  for (const path of made) {
    chmodSync(join(path, 'dist'), 0o755);
    rmSync(path, { recursive: true, force: true });
  }
});

/** A copy of what is built, without the compiled code that others have left there. */
function copyOfBuilt() {
  const path = mkdtempSync(join(tmpdir(), 'built '));
  made.push(path);
  const dist = join(path, 'dist');
  cpSync(join(guardedRoot, 'dist'), dist, { recursive: true, filter: (file) => !file.endsWith('.cache') });
  const ask = (words: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'ask.cjs'), ...words], {
      cwd: path,
      env: baseEnvironment({ BASESHOP_STATE_DIR: join(path, 'state'), BASESHOP_POLICY_MODE: 'enforce' }),
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const pid = String(process.pid);
  return {
    dist,
    /** Asks about a run of tests as a shim does, and as a shell does with a line that only the whole parser reads. */
    askBoth: () => [
      ask(['argv', 'shim', pid, 'npx', 'jest', 'src']),
      ask(['text', 'bash', pid], 'for x in a; do npx jest "$x"; done'),
    ],
    caches: () => readdirSync(dist).filter((name) => name.endsWith('.cache')),
  };
}

/** Damages one block of a file, as a crash of the machine does. */
function overwrite(file: string, at: number, byte: number): void {
  const bytes = readFileSync(file);
  bytes.subarray(at).fill(byte, 0, 4096);
  writeFileSync(file, bytes);
}

const blocked = [
  { status: 126, stderr: expect.stringContaining('no tests ran') },
  { status: 126, stderr: expect.stringContaining('no tests ran') },
];

describe('the asker', () => {
  test('stores what it has compiled, for arguments and for text, and answers the same with it', () => {
    const { askBoth, caches } = copyOfBuilt();
    expect(askBoth()).toMatchObject(blocked);
    const stored = caches();
    for (const name of ['ask-bundle-argv', 'ask-bundle-text', 'answer-part-argv', 'parser-part-text']) {
      expect(stored.some((file) => file.startsWith(`${name}-`))).toBe(true);
    }
    expect(askBoth()).toMatchObject(blocked);
    expect(caches()).toEqual(stored);
  });

  test('answers the same when that is damaged, cut short, empty or another program’s', () => {
    const { dist, askBoth, caches } = copyOfBuilt();
    askBoth();
    const damages = [
      (file: string) => writeFileSync(file, 'nonsense'),
      (file: string) => truncateSync(file, 1000),
      (file: string) => truncateSync(file, 0),
      (file: string) => overwrite(file, 64, 0xff),
      (file: string) => overwrite(file, 8192, 0),
      (file: string) => overwrite(file, -4096, 0),
      (file: string) => cpSync(join(dist, caches().find((name) => !file.endsWith(name)) ?? ''), file),
    ];
    for (const damage of damages) {
      for (const name of caches()) damage(join(dist, name));
      expect(askBoth()).toMatchObject(blocked);
    }
  });

  test('answers the same where nothing can be stored', () => {
    const { dist, askBoth, caches } = copyOfBuilt();
    chmodSync(dist, 0o555);
    expect(askBoth()).toMatchObject(blocked);
    if (process.getuid?.() !== 0) expect(caches()).toEqual([]);
  });

  test.each([
    ['missing', (file: string) => rmSync(file)],
    ['cut short', (file: string) => truncateSync(file, 5000)],
    ['empty', (file: string) => truncateSync(file, 0)],
  ])('says in one line, with a status of its own, that a file of it is %s', (_state, damage) => {
    for (const name of ['answer-part.cjs', 'ask-bundle.cjs']) {
      const { dist, askBoth } = copyOfBuilt();
      damage(join(dist, name));
      for (const { status, stdout, stderr } of askBoth()) {
        expect(status).toBe(1);
        expect(stdout).toBe('');
        expect(stderr).toMatch(/^test-governor: .*\.cjs cannot be loaded \(.*\); npm run build [^\n]*\n$/);
      }
    }
  });
});
