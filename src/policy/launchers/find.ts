import { argv, type Launcher, type Start } from './launcher.ts';

const actions = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** `find … -exec command {} ;`, every such action in it. */
export const find: Launcher = {
  names: ['find', 'gfind', 'bfs'],
  starts(args) {
    const starts: Start[] = [];
    let begin = -1;
    args.forEach(({ value }, index) => {
      if (begin === -1) {
        if (actions.has(value)) begin = index + 1;
      } else if (value === ';' || (value === '+' && args[index - 1]?.value === '{}')) {
        starts.push(...argv(args.slice(begin, index), { stays: 'arguments', after: args.slice(index) }));
        begin = -1;
      }
    });
    return starts;
  },
};
