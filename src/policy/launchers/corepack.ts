import { isLiteral, literal } from '../argument.ts';
import { argv, type Launcher } from './launcher.ts';

/** `corepack pnpm@9 test`: the package manager itself. */
export const corepack: Launcher = {
  names: ['corepack'],
  starts(args) {
    const manager = args[0];
    if (!isLiteral(manager)) return [];
    const name = /^(npm|npx|pnpm|pnpx|yarn|yarnpkg)(@.*)?$/.exec(manager.value)?.[1];
    return name === undefined ? [] : argv([literal(name), ...args.slice(1)]);
  },
};
