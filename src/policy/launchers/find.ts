import type { Argument } from '../argument.ts';
import { argv, type Launcher, type Start } from './launcher.ts';

const actions = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** `find … -exec command {} ;`, every such action in it. */
export const find: Launcher = {
  names: ['find', 'gfind', 'bfs'],
  starts(args) {
    const starts: Start[] = [];
    let command: Argument[] | null = null;
    for (const argument of args) {
      if (command === null) {
        if (actions.has(argument.value)) command = [];
      } else if (argument.value === ';' || argument.value === '+') {
        starts.push(...argv(command));
        command = null;
      } else {
        command.push(argument);
      }
    }
    return starts;
  },
};
