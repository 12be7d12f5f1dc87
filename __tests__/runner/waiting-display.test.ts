import { expect, test } from '@jest/globals';
import { createWaitingDisplay } from '../../src/runner/waiting-display.ts';
import { openQueueLab, ownIdentity, ticketOf } from '../queue/queue-lab.ts';

/** A display on a terminal or on a file, with everything that it wrote. */
function open(isTerminal: boolean, isInBackground = false, reason = 'load: 9.1 is above 8') {
  const written: string[] = [];
  const output = {
    isTerminal,
    isInBackground,
    columns: 40,
    say: (line: string) => written.push(`${line}\n`),
    write: (text: string) => written.push(text),
  };
  let now = 0;
  const display = createWaitingDisplay(openQueueLab().queue, output, () => now);
  const showAt = (ms: number) => {
    now = ms;
    display.show({ ticket: ticketOf(1, ownIdentity()), position: 1, reason });
  };
  showAt(0);
  return { display, output, written, showAt };
}

/** A line in the place of what stood there; the terminal keeps it in its row. */
function rewritten(line: string): string {
  return `\u001b[?7l\r\u001b[K${line}\u001b[?7h`;
}

test('on a terminal the line is no longer than the terminal is wide, and gone before something else is said', () => {
  const { display, written } = open(true);
  display.makeRoom();
  expect(written).toEqual([rewritten('test-governor: waiting, 1st in line: lo'), '\r\u001b[K']);
});

/** How many rows of a terminal of 40 columns are written to, with letters that are two columns wide. */
function rowsTaken(text: string): number {
  let [rows, column, wraps] = [1, 0, true];
  for (const [part, order] of text.matchAll(/.\[(\?7[lh]|K)|\r|./gsu)) {
    if (order !== undefined) wraps = order === '?7h' || (wraps && order !== '?7l');
    else if (part === '\r') column = 0;
    else {
      const width = /\p{Script=Han}/u.test(part) ? 2 : 1;
      if (wraps && column + width > 40) [rows, column] = [rows + 1, 0];
      column = Math.min(column + width, 40);
    }
  }
  return rows;
}

test('stays in its row also where letters are wider than others, so that it can be rewritten', () => {
  const { written } = open(true, false, '負荷試験が走っています');
  expect(written.join('')).toContain('負荷');
  expect(rowsTaken(written.join(''))).toBe(1);
});

test('elsewhere it is a whole line, and nothing has to make room', () => {
  const { display, written } = open(false);
  display.makeRoom();
  expect(written).toEqual([
    'test-governor: waiting, 1st in line: load: 9.1 is above 8. Waiting, not hung.\n',
  ]);
});

test('in the background of a shell it is a whole line each half minute; brought to the front, it is one line within a second', () => {
  const { display, output, written, showAt } = open(true, true);
  const line = 'test-governor: waiting, 1st in line: load: 9.1 is above 8. Waiting, not hung.\n';
  display.makeRoom();
  showAt(10_000);
  showAt(30_000);
  expect(written.splice(0)).toEqual([line, line]);
  expect(display.everyMs()).toBe(1000);
  output.isInBackground = false;
  showAt(31_000);
  expect(written.splice(0)).toEqual([rewritten('test-governor: waiting, 1st in line: lo')]);
  output.isInBackground = true;
  showAt(32_000);
  display.makeRoom();
  expect(written).toEqual([]);
});
