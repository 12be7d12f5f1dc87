import type { Environment } from '../env.ts';

/** Whether a descriptor is a terminal. Few runs have to know: what answers is loaded only here, and takes a millisecond. */
export function isTerminal(descriptor: number): boolean {
  const { isatty }: typeof import('node:tty') = require('node:tty');
  return isatty(descriptor);
}

/** True where a terminal only prints, as those of many editors and agents do: what would move its cursor is shown there as it is, and kept. */
export function isPrintOnly({ TERM }: Environment): boolean {
  return TERM === 'dumb';
}

/** True when standard input and output are a terminal: somebody watches. */
export function isWatched(): boolean {
  return isTerminal(0) && isTerminal(1);
}
