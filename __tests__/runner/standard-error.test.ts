import fs from 'node:fs';
import { expect, jest, test } from '@jest/globals';
import { standardError } from '../../src/runner/standard-error.ts';

test('a reader that stands still holds up the first message alone, and one that reads again is waited for again', () => {
  let isFull = true;
  const written: string[] = [];
  const writing = jest.spyOn(fs, 'writeSync').mockImplementation((_descriptor, data) => {
    if (isFull) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
    written.push(String(data));
    return Buffer.byteLength(data);
  });
  const attemptsOf = (text: string) => {
    writing.mockClear();
    standardError.say(text);
    return writing.mock.calls.length;
  };
  try {
    expect(attemptsOf('first')).toBeGreaterThan(1);
    expect(attemptsOf('second')).toBe(1);
    isFull = false;
    expect(attemptsOf('third')).toBe(1);
    isFull = true;
    expect(attemptsOf('fourth')).toBeGreaterThan(1);
    expect(written).toEqual(['third\n']);
  } finally {
    writing.mockRestore();
  }
});
