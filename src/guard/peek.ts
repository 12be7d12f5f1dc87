import { classify } from '../policy/classify.ts';
import { shimNames } from '../policy/script-launchers.ts';
import type { ClassifyContext } from '../policy/verdict.ts';

/**
 * Words that no function may be put over: shims see these by themselves, or they are builtins whose own work is
 * more than starting a command.
 */
const neverWrapped: ReadonlySet<string> = new Set([
  ...shimNames,
  ...[
    'eval',
    'source',
    '.',
    'builtin',
    'set',
    'export',
    'typeset',
    'local',
    'trap',
    'print',
    'printf',
    'echo',
  ],
]);

/**
 * What a shell that reads a whole line before running it should prepare, one word a line: first `piped` when a raw
 * test run feeds a pipe (its status would be lost), `other` when the line has a pipeline of another kind (whose status a shell that
 * can only treat all pipelines alike would change), else `-`; then the command words over which the shell must put
 * a function, because no shim and no preload stands in their way. Empty when there is nothing to prepare.
 */
export function peek(text: string, context: ClassifyContext): string {
  const { verdict, piped, hasOtherPipe, bypassWords } = classify(text, context);
  if (verdict !== 'bypass') return '';
  const words = bypassWords.filter((word) => !neverWrapped.has(word) && !/[\s\0]/.test(word));
  if (!piped && words.length === 0) return '';
  const pipes = hasOtherPipe ? 'other' : piped ? 'piped' : '-';
  return `${[pipes, ...words].join('\n')}\n`;
}
