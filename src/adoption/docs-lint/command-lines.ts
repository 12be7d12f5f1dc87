import type { SyntaxNode } from 'unbash';
import { mayReachRunner } from '../../policy/hot-words.ts';
import { forEachChild, parse } from '../../policy/parser.ts';
import type { CodeBlock, CodeLine } from './markdown.ts';
import { hidePlaceholders } from './placeholders.ts';
import { isProse } from './prose.ts';

/** How the lines of a block are to be read. */
type Reading =
  /** Everything in it is meant for a shell. */
  | 'shell'
  /** What a terminal showed: prompts with commands, and what they printed. */
  | 'session'
  /** Nobody says what it is: commands, output, a directory tree, prose. */
  | 'unlabelled';

/** Shells in which quotes, backslashes or assignments are others than in a POSIX shell. */
const otherShells = new Set(
  'powershell pwsh ps ps1 cmd bat batch dos doscon winbatch ps1con powershell-session pwsh-session nu nushell xonsh elvish'.split(
    ' ',
  ),
);
const shells = new Set([
  ...'sh bash zsh shell shellscript ksh mksh dash ash fish csh tcsh cli command commands commandline'.split(
    ' ',
  ),
  ...otherShells,
]);
const sessions = new Set(
  `console terminal session shell-session shellsession sh-session bash-session zsh-session bash-console term tty
  powershell-session doscon ps1con pwsh-session`.split(/\s+/),
);
const unlabelled = new Set([
  'text',
  'txt',
  'plain',
  'plaintext',
  'none',
  'nohighlight',
  'no-highlight',
  'output',
  'log',
]);

/** Null for a block in another language, which holds no command lines. */
function readingOf(block: CodeBlock): Reading | null {
  // An unclosed fence swallows what was meant as prose.
  if (!block.isClosed) return block.language === null || isShellLike(block.language) ? 'unlabelled' : null;
  if (block.language === null || unlabelled.has(block.language)) return 'unlabelled';
  if (shells.has(block.language)) return 'shell';
  return sessions.has(block.language) ? 'session' : null;
}

function isShellLike(language: string): boolean {
  return shells.has(language) || sessions.has(language) || unlabelled.has(language);
}

/** What may stand before a prompt's last character: a virtual environment, `[me@box dir]`, `user@host:dir`, a directory. */
const place = String.raw`(?:\([\w.@-]+\) ?)?(?:\[[^\]\n]{1,60}\] ?|[\w.-]+@[\w.-]+(?:[: ][\w./~-]*)? ?|(?:~|\.{0,2}/)[\w./~-]* ?|bash-[\d.]+)?`;
const posixPrompt = `${place}[$%❯➜λ»]`;
const ohMyZshPrompt = String.raw`➜ +[\w./~-]+ git:\([^)]*\)(?: [✗✔])?`;
const windowsPrompt = String.raw`(?:PS )?[A-Za-z]:\\[^>\n]{0,80}>|PS(?: [^>\n]{0,80})?>`;
const prompts = {
  usual: new RegExp(String.raw`^(?:${ohMyZshPrompt}|${posixPrompt}|${windowsPrompt})(?:[ \t]+|$)`),
  root: new RegExp(String.raw`^${place}#(?:[ \t]+|$)`),
  angle: /^>(?:[ \t]+|$)/,
} as const;

/** `> web@1.0.0 test`, by which npm and pnpm announce a script, and `yarn run v1.22.22`, after which Yarn shows it behind a `$`. */
const npmAnnounces = /^> \S+@\S+ \S/;
const yarnAnnounces = /^yarn run v\d/;

/** Which prompt the block's lines have; null when they have none. `#` begins a comment elsewhere, `>` goes on or is output. */
function findPrompt(lines: readonly CodeLine[], reading: Reading): RegExp | null {
  const has = (pattern: RegExp) =>
    lines.some(({ text }, index) => pattern.test(text) && !yarnAnnounces.test(lines[index - 1]?.text ?? ''));
  if (has(prompts.usual)) return prompts.usual;
  if (reading === 'session' && has(prompts.root)) return prompts.root;
  return has(prompts.angle) && !has(npmAnnounces) ? prompts.angle : null;
}

/** Comments, escaped characters (line ends too) and quoted texts. */
const settled = /(?<=^|\s)#.*|\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g;

/** What makes a shell ask for another line: an open quote, else an escaped line end or an operator that needs a right side; null for nothing. */
function incompleteAt(text: string): string | null {
  const open = text.replace(settled, (part) => (part.startsWith('#') ? '' : '_'));
  return /['"]|\\$|(?:&&|\|\|?)[ \t]*$/.exec(open)?.[0] ?? null;
}

/** True while a here-document lacks the line that closes it, which the parser takes for no error, as bash does. */
function hasOpenHereDocument(node: SyntaxNode): boolean {
  if (node.type === 'HereDoc' && node.closing === undefined) return true;
  let isOpen = false;
  forEachChild(node, (child) => {
    isOpen ||= hasOpenHereDocument(child);
  });
  return isOpen;
}

/** More lines than anybody types at a prompt before a loop, a group or a here-document is closed: each further one has all of them parsed anew. */
const longestTyped = 500;

/** A command as it is typed, line by line. Thousands of lines may stand in one quote: what is settled is not looked at again. */
class TypedCommand {
  readonly #lines: string[] = [];
  /** The quote that is open: with it begins the text that what follows may still change. */
  #quote: string | null = null;
  #isIncomplete = false;

  constructor(line: string) {
    this.add(line);
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#quote !== null && !line.includes(this.#quote)) return;
    const open = incompleteAt(this.#quote === null ? line : `${this.#quote}\n${line}`);
    this.#isIncomplete = open !== null;
    this.#quote = open === "'" || open === '"' ? open : null;
  }

  /** A shell would ask for another line. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }

  /** The same for what was typed at a prompt, where also a loop, a group or a here-document goes on until it is closed. */
  get asksForMore(): boolean {
    if (this.#isIncomplete) return true;
    if (this.#lines.length > longestTyped) return false;
    const script = parse(hidePlaceholders(this.#lines.join('\n')));
    return (script.errors ?? []).length > 0 || hasOpenHereDocument(script);
  }
}

/** The lines of each command, those that it goes on over together. */
export function splitCommands(lines: readonly CodeLine[]): readonly (readonly CodeLine[])[] {
  const commands: CodeLine[][] = [];
  let command: TypedCommand | null = null;
  for (const line of lines) {
    if (command === null) {
      command = new TypedCommand(line.text);
      commands.push([line]);
    } else {
      command.add(line.text);
      commands.at(-1)?.push(line);
    }
    if (!command.isIncomplete) command = null;
  }
  return commands;
}

function strip(line: CodeLine, pattern: RegExp): CodeLine {
  const length = pattern.exec(line.text)?.[0].length ?? 0;
  return { text: line.text.slice(length), at: line.at + length };
}

/** What was typed at the prompts, and, apart from it, everything else. */
function atPrompts(
  lines: readonly CodeLine[],
  prompt: RegExp,
): { readonly typed: readonly CodeLine[]; readonly rest: readonly CodeLine[] } {
  const typed: CodeLine[] = [];
  const rest: CodeLine[] = [];
  let command: TypedCommand | null = null;
  let before = '';
  for (const line of lines) {
    if (command !== null && !prompt.test(line.text) && command.asksForMore) {
      const next = strip(line, prompts.angle);
      typed.push(next);
      command.add(next.text);
    } else if (prompt.test(line.text) && !yarnAnnounces.test(before)) {
      const next = strip(line, prompt);
      typed.push(next);
      command = new TypedCommand(next.text);
    } else {
      rest.push(line);
      command = null;
    }
    before = line.text;
  }
  return { typed, rest };
}

/** A command word as people write it, after assignments: no list marker, no `key:`, no tree branch. */
const beginsLikeCommand = /^(?:[A-Za-z_]\w*=\S*[ \t]+)*"?\$?[\w./~@][\w./~@+-]*"?(?:[ \t]|$)/;

/** The lines of a block of unknown nature that are meant to be typed. */
function likelyCommands(lines: readonly CodeLine[]): readonly CodeLine[] {
  const chosen: CodeLine[] = [];
  let command: TypedCommand | null = null;
  for (const line of lines) {
    const goesOn: boolean = command?.isIncomplete === true;
    const isCommand =
      beginsLikeCommand.test(line.text) &&
      !isProse(line.text) &&
      (mayReachRunner(line.text) || /^cd[ \t]|\\$/.test(line.text));
    if (goesOn || isCommand) {
      chosen.push(line);
      if (goesOn) command?.add(line.text);
      else command = new TypedCommand(line.text);
    } else {
      command = null;
    }
  }
  // In a list of names a runner is a name; by itself, or among commands, it is a command.
  const isName = ({ text }: CodeLine) => /^\S+$/.test(text.trim());
  const isList = chosen.every(isName) && lines.filter(({ text }) => text.trim() !== '').length > 1;
  return isList ? [] : chosen;
}

/** False where the words of a replacement, quoted for POSIX shells, may mean something else. */
export function isWritableLanguage(language: string | null): boolean {
  return language === null || !otherShells.has(language);
}

/**
 * The lines in a block that are there to be typed, without prompts and output; those of one list belong to one shell, so that a
 * `cd` counts for what follows. Empty when the block is in another language.
 */
export function commandLines(block: CodeBlock): readonly (readonly CodeLine[])[] {
  const reading = readingOf(block);
  if (reading === null) return [];
  const { lines } = block;
  const prompt = findPrompt(lines, reading);
  if (prompt === null) return [reading === 'unlabelled' ? likelyCommands(lines) : lines];
  const { typed, rest } = atPrompts(lines, prompt);
  // People forget prompts in what they label as a shell's; what a terminal showed is output.
  return reading === 'shell' ? [typed, likelyCommands(rest)] : [typed];
}
