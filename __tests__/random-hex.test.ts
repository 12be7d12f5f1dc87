import { expect, test } from '@jest/globals';
import { randomHex } from '../src/random-hex.ts';

test.each([1, 8, 15, 16, 40])('%d random bytes are two hex digits each', (byteCount) => {
  expect(randomHex(byteCount)).toMatch(new RegExp(`^[0-9a-f]{${2 * byteCount}}$`));
});

test('every digit takes every value, and no two draws are alike', () => {
  const drawn = Array.from({ length: 2000 }, () => randomHex(16) ?? '');
  expect(new Set(drawn).size).toBe(drawn.length);
  // A digit that was missing from a place in 2,000 draws would be so by chance once in 10^50.
  for (let at = 0; at < 32; at++) expect(new Set(drawn.map((text) => text[at])).size).toBe(16);
});
