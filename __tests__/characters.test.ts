import { describe, expect, test } from '@jest/globals';
import { isDecimal, isDigits, isHex, isShortOption, withoutDashes } from '../src/characters.ts';

const texts = [
  '',
  '0',
  '007',
  '12345678901234567890',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1\n',
  '1.5',
  '.5',
  '5.',
  '.',
  '1.2.3',
  '1e3',
  '٣',
  'abcdef',
  '0123456789abcdef',
  'ABCDEF',
  'g',
  '`',
  '/',
  ':',
  '-',
  '--',
  '-a',
  '-Z',
  '-n4',
  '--flag',
  '-@',
  '-[',
  '-`',
  '-{',
  '-1',
  'a',
  '-é',
  '---x',
  '-x-y',
];

describe('a question about characters is answered as its pattern would', () => {
  test.each([
    ['isDigits', isDigits, /^\d+$/],
    ['isHex', isHex, /^[0-9a-f]+$/],
    ['isDecimal', isDecimal, /^\d+\.\d+$/],
    ['isShortOption', isShortOption, /^-[A-Za-z]/],
  ])('%s', (_name, ask, pattern) => {
    for (const text of texts) expect([text, ask(text)]).toEqual([text, pattern.test(text)]);
  });

  test('withoutDashes', () => {
    for (const text of texts) expect(withoutDashes(text)).toBe(text.replace(/^--?/, ''));
  });
});
