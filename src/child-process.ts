/**
 * node's child_process, loaded when it is first asked for: that takes more than a millisecond, and most starts of ours, of a command
 * or of a run, need none of it.
 */
export function childProcess(): typeof import('node:child_process') {
  return require('node:child_process');
}
