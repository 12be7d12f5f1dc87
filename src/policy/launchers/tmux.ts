import { isLiteral } from '../argument.ts';
import { leadingOptions } from '../options.ts';
import { argv, type Launcher, shellText } from './launcher.ts';

const globalTakesValue = new Set(['-f', '-L', '-S', '-T', '-c']);
const takesValue = new Set(['-c', '-e', '-F', '-n', '-s', '-t', '-x', '-y', '-l', '-b', '-d']);
const commands = new Set([
  ...['new', 'new-session', 'neww', 'new-window', 'splitw', 'split-window'],
  ...['respawnp', 'respawn-pane', 'respawnw', 'respawn-window', 'run', 'run-shell', 'popup', 'display-popup'],
]);
/** The commands whose `-d` stands alone. */
const detaches = new Set(['new', 'new-session', 'neww', 'new-window', 'splitw', 'split-window']);

/** `tmux new-session -d 'npx jest'`: one word is shell text, several are a command. Keys sent to a pane are typed there, and seen there. */
export const tmux: Launcher = {
  names: ['tmux'],
  starts(args) {
    const [word, ...rest] = leadingOptions(args, globalTakesValue).operands;
    if (!isLiteral(word) || !commands.has(word.value)) return [];
    const own = detaches.has(word.value)
      ? new Set([...takesValue].filter((name) => name !== '-d'))
      : takesValue;
    const { operands } = leadingOptions(rest, own);
    return operands.length > 1 ? argv(operands) : shellText(operands[0]);
  },
};
