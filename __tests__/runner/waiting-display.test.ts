import { expect, test } from '@jest/globals';
import { createWaitingDisplay } from '../../src/runner/waiting-display.ts';
import { openQueueLab, ownIdentity, ticketOf } from '../queue/queue-lab.ts';

/** A display on a terminal or on a file, with everything that it wrote. */
function open(isTerminal: boolean) {
  const written: string[] = [];
  const output = {
    isTerminal,
    columns: 40,
    say: (line: string) => written.push(`${line}\n`),
    write: (text: string) => written.push(text),
  };
  const display = createWaitingDisplay(openQueueLab().queue, output);
  display.show({ ticket: ticketOf(1, ownIdentity()), position: 1, reason: 'load: 9.1 is above 8' });
  return { display, written };
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
