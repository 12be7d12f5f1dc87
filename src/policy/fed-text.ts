import type { CommandNode, Redirection } from 'unbash';
import type { Scope } from './scope.ts';
import { expandArgument, expandWord, wordValue } from './words.ts';

/** The text that a heredoc or a here-string puts on standard input; null without one. The last one counts. */
export function redirectedText(redirects: readonly Redirection[], scope: Scope): string | null {
  let text: string | null = null;
  for (const redirect of redirects) {
    if (redirect.type === 'HereDoc') text = redirect.body.text;
    else if (redirect.type === 'HereString' && redirect.target !== undefined) {
      text = wordValue(redirect.target, scope).value;
    }
  }
  return text;
}

function withEscapes(text: string): string {
  return text.replace(/\\([nt\\])/g, (_all, letter: string) => {
    if (letter === 'n') return '\n';
    return letter === 't' ? '\t' : '\\';
  });
}

function formatted(format: string, values: readonly string[]): string {
  if (!format.includes('%')) return withEscapes(format);
  let index = 0;
  let result = '';
  do {
    result += withEscapes(format).replace(/%(?:%|[-0-9.]*([sbq]))/g, (_all, letter: string | undefined) => {
      if (letter === undefined) return '%';
      const value = values[index] ?? '';
      index += 1;
      return value;
    });
  } while (index > 0 && index < values.length && result.length < 1_000_000);
  return result;
}

/** What a pipeline's member writes to the next one, as far as the line says it: `echo`, `printf`, `cat` of a heredoc. */
export function producedText(node: CommandNode, scope: Scope, stdin: string | null): string | null {
  if (node.type !== 'Command' || node.name === undefined) return null;
  const [name, ...args] = [
    ...expandWord(node.name, scope, []),
    ...node.args.flatMap((argument) => expandArgument(argument, scope, [])),
  ].map((argument) => argument.value);
  switch (name) {
    case 'echo': {
      const first = args.findIndex((argument) => !/^-[neE]+$/.test(argument));
      const text = first === -1 ? '' : args.slice(first).join(' ');
      return args.slice(0, Math.max(first, 0)).some((option) => option.includes('e'))
        ? withEscapes(text)
        : text;
    }
    case 'printf': {
      const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
      return formatted(format, values);
    }
    case 'cat':
    case 'tee':
      if (name === 'cat' && args.some((argument) => argument !== '-')) return null;
      return redirectedText(node.redirects, scope) ?? stdin;
    default:
      return null;
  }
}
