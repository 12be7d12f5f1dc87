import { expect, test } from '@jest/globals';
import { createWaitingDisplay } from '../../src/runner/waiting-display.ts';
import { openQueueLab, ownIdentity, ticketOf } from '../queue/queue-lab.ts';

/** A display on a terminal or on a file, with everything that it wrote. */
function open(isTerminal: boolean, isInBackground = false) {
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
    display.show({ ticket: ticketOf(1, ownIdentity()), position: 1, reason: 'load: 9.1 is above 8' });
  };
  showAt(0);
  return { display, output, written, showAt };
}

test('on a terminal the line is no longer than the terminal is wide, and gone before something else is said', () => {
  const { display, written } = open(true);
  display.makeRoom();
  expect(written).toEqual(['\r\u001b[Ktest-governor: waiting, 1st in line: lo', '\r\u001b[K']);
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
  expect(written.splice(0)).toEqual(['\r\u001b[Ktest-governor: waiting, 1st in line: lo']);
  output.isInBackground = true;
  showAt(32_000);
  display.makeRoom();
  expect(written).toEqual([]);
});
