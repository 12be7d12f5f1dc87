import { describe, expect, test } from '@jest/globals';
import { fixed, shown } from './lint.ts';

describe('a code span', () => {
  test.each([
    ['Run `npx jest src` first.', '1:5 npx jest src'],
    ['- then `npm test`', '1:8 npm test'],
    ['## How: `pnpm exec jest`', '1:9 pnpm exec jest'],
    ['> Type ``npx jest `x` ``.', '1:8 npx jest `x`'],
    ['Run `jest`.', '1:5 jest'],
    ['To test, run `pytest` here', '1:14 pytest'],
    ['Run `./node_modules/.bin/jest`', '1:5 ./node_modules/.bin/jest'],
    ['測試 *x* [`npx jest a`](u)', '1:9 npx jest a'],
    ['| a | b |\n| - | - |\n| `a\\|b` | `npx jest \\| tail` |', '3:12 npx jest | tail'],
    ['- | a |\n  | - |\n  | `npx jest` |', '3:5 npx jest'],
    ['one\ntwo `npx jest\nsrc` three', '2:5 npx jest src'],
    ['If you do not know the file, run `npx jest`.', '1:34 npx jest'],
    ['\\`a\\` and `npx jest a`', '1:11 npx jest a'],
  ])('in %j is there to be typed', (text, expected) => {
    expect(shown(`${text}\n`)).toEqual([expected]);
  });

  test.each([
    'We use `jest` here, with `jest.config.js` and `--watch`.',
    'The file `node_modules/.bin/jest`.',
    'We run `jest` in CI.',
    '`jest.fn()`, `"test": "jest"` and `@types/jest`',
    'Never run `npx jest`.',
    'Do not type `npx jest`, `npx vitest run` or `pytest -x`.',
    "Don't use `npx jest` directly",
    'Use the governed run instead of `npx jest`.',
    'A raw `npx jest src` is seen.',
    '`npx jest src` is blocked.',
    'Run `npm run test:governed -- jest`.',
    'See ```` npx jest ```` and `npm install jest`'.replace('```` npx jest ````', '`npx`'),
    '<span title="`npx jest a`">x</span>',
    '```sh```',
  ])('in %j is not', (text) => {
    expect(shown(`${text}\n`)).toEqual([]);
  });

  test.each([
    ['Run `npx jest a`!', 'Run `npm run test:governed -- jest -- a`!'],
    ['Run ``npx jest `x` ``!', 'Run ``npm run test:governed -- jest -- `x` ``!'],
    [
      '| x |\n| - |\n| `npx jest a \\| tail` |',
      '| x |\n| - |\n| `npm run test:governed -- jest -- a \\| tail` |',
    ],
    ['> a `npx jest\n> src` b', '> a `npm run test:governed -- jest -- src` b'],
  ])('%j is mended to %j', (text, expected) => {
    expect(fixed(`${text}\n`)).toBe(`${expected}\n`);
  });
});
