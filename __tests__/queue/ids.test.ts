import { describe, expect, test } from '@jest/globals';
import { compareIds, fileName, idOf, makeId, numberOf } from '../../src/queue/ticket.ts';

const random = '0123456789abcdef';

describe('the id of a ticket', () => {
  test.each([
    [1, `000000000001-${random}.json`],
    [42, `000000000042-${random}.json`],
    [999_999_999_999, `999999999999-${random}.json`],
  ])('with the number %d has a file name of its own and comes back from it', (number, name) => {
    const id = makeId(number, random);
    expect(id).toBe(`${number}-${random}`);
    expect(fileName(`${id}`)).toBe(name);
    expect(idOf(name)).toBe(id);
    expect(numberOf(`${id}`)).toBe(number);
  });

  test.each([
    '',
    '-',
    '1',
    random,
    `-${random}`,
    `0-${random}`,
    `01-${random}`,
    `1-${random}0`,
    `1-${random.slice(1)}`,
    `1-${random.toUpperCase()}`,
    `1-${random}\n`,
    ` 1-${random}`,
    `1.5-${random}`,
    `1e3-${random}`,
    `1--${random.slice(1)}`,
    `1000000000000-${random}`,
    `../1-${random}`,
    '__proto__',
  ])('is not %j, which names no file', (text) => {
    expect(fileName(text)).toBeNull();
    expect(numberOf(text)).toBe(0);
  });

  test.each([
    '',
    '.json',
    `1-${random}.json`,
    `000000000000-${random}.json`,
    `0000000000001-${random}.json`,
    `000000000001-${random}`,
    `000000000001-${random}.json~`,
    `000000000001-${random}.json.json`,
    `000000000001_${random}.json`,
    `00000000000x-${random}.json`,
    `000000000001-${random.toUpperCase()}.json`,
    `000000000001-${random.slice(1)}.json`,
    `000000000001-${random}0.json`,
    `.1-${random}.123`,
    'x'.repeat(200),
  ])('is not read from a file named %j', (name) => {
    expect(idOf(name)).toBeNull();
  });

  test('is not made with a number that has too many digits, or with other than sixteen hex digits', () => {
    expect(makeId(1_000_000_000_000, random)).toBeNull();
    expect(makeId(0, random)).toBeNull();
    expect(makeId(1, '')).toBeNull();
    expect(makeId(1, 'g'.repeat(16))).toBeNull();
  });

  test('stands in the order of its number, however many digits that has', () => {
    const ids = [`10-${random}`, `9-${random}`, `9-${'f'.repeat(16)}`, `100-${random}`];
    expect([...ids].sort(compareIds)).toEqual([
      `9-${random}`,
      `9-${'f'.repeat(16)}`,
      `10-${random}`,
      `100-${random}`,
    ]);
  });
});
