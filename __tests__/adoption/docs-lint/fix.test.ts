import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { fixed } from './lint.ts';

const fence = (text: string) => `\`\`\`sh\n${text}\n\`\`\`\n`;

describe('docs-lint --fix', () => {
  test.each([
    ['npx jest > out.txt', 'npm run test:governed -- jest > out.txt'],
    ['npx jest >>log 2>&1', 'npm run test:governed -- jest >>log 2>&1'],
    ['time npx jest 2>&1 | tee log', 'time npm run test:governed -- jest 2>&1 | tee log'],
    [
      'npx jest --watch',
      'BASESHOP_ALLOW_WATCH_EXCLUSIVE=1 npm run test:governed -- watch-exclusive -- jest --watch',
    ],
  ])('writes %s as %s', (raw, governed) => {
    expect(fixed(fence(raw))).toBe(fence(governed));
  });

  test.each([
    'cd packages/web/src && npm test',
    'cd packages/web/src && FOO=1 npm test',
    'cd packages/web/src && npm test | cat',
    'cd packages/web/src && ! npm test',
    'cd packages/web/src; x=$(npm test)',
    'cd packages/web/src; (npm test)',
    'cd packages/web/src && npm test > out',
  ])('writes what a shell can read for %s', (raw) => {
    const text = fixed(fence(raw));
    expect(text).toContain('test:governed');
    const script = text.split('\n').slice(1, -2).join('\n');
    expect(script).not.toMatch(/\(\(/);
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('leaves a command alone whose input stands on the lines below it', () => {
    const raw = fence('npx jest <<EOF\ninput\nEOF');
    expect(fixed(raw)).toBe(raw);
  });
});
