import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Run } from '../../policy/classify.ts';
import type { Runner } from '../../policy/verdict.ts';
import { placeOf } from '../text-place.ts';
import type { SimpleCommand } from './commands.ts';

/** A file that a script runs and that starts a test runner itself. */
export interface RunnerFile {
  /** As the script names it. */
  readonly file: string;
  readonly line: number;
  /** What it starts, as far as its text says it. */
  readonly command: string;
  readonly runner: Runner;
}

/** Says what a command line starts by itself. */
export type RunsOf = (line: string) => readonly Run[] | null;

/** A longer file is a bundle, not something that somebody wrote to start tests. */
const longest = 256 * 1024;

const interpreters =
  /^(?:node|nodejs|bun|deno|tsx|ts-node|ts-node-esm|babel-node|esno|jiti|swc-node|zx|sh|bash|dash|zsh|ksh|python[\d.]*|pypy[\d.]*)$/;
/** What may stand in front of a file that is run by its own name. */
const wrappers = new Set(['cross-env', 'env', 'exec', 'command', 'time', 'nice', 'nohup']);
const shellExtensions = new Set(['.sh', '.bash', '.zsh']);
const codeExtensions = new Set(['.js', '.cjs', '.mjs', '.jsx', '.ts', '.cts', '.mts', '.tsx', '.py']);

/** Calls that start a program, in node, execa, zx, shelljs and Python. */
const starters =
  /(?:\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork|execa|execaSync|execaCommand|execaCommandSync|execaNode|crossSpawn|sync|run|call|check_call|check_output|Popen|system|sh)\s*\(|\$(?:\([^)]*\))?`)/g;

/** The runners' own interfaces, which start them without a program. */
const interfaces: readonly (readonly [RegExp, RegExp, Runner])[] = [
  [/['"](?:jest|jest-cli|@jest\/core)['"]/, /\b(?:runCLI|(?:jest|cli)\.run)\s*\(/, 'jest'],
  [/['"]vitest\/node['"]/, /\b(?:startVitest|createVitest)\s*\(/, 'vitest'],
  [/\bpytest\b/, /\bpytest\.main\s*\(/, 'pytest'],
];

/** The file that a simple command runs; null when it runs none that is written in the script. */
function fileOf({ words }: SimpleCommand): string | null {
  const values = words.map(({ argument }) => (argument.source === null ? argument.value : ''));
  const at = values.findIndex((value) => interpreters.test(value.slice(value.lastIndexOf('/') + 1)));
  const isPath = (value: string) => value.includes('/') || extname(value) !== '';
  if (at === -1) {
    const isOwnWord = (value: string) => value !== '' && !value.startsWith('-') && !/^\w+=/.test(value);
    const first = values.filter(isOwnWord).find((value) => !wrappers.has(value));
    return first?.includes('/') === true ? first : null;
  }
  return values.slice(at + 1).find((value) => !value.startsWith('-') && isPath(value)) ?? null;
}

function readSmall(path: string): string | null {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > longest) return null;
    const text = readFileSync(path, 'utf8');
    return text.includes('\0') ? null : text;
  } catch {
    // A file that is built later, or that is not there: nothing can be said about it.
    return null;
  }
}

/** The text with its comment lines blanked, every index as before. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:\/\/|#(?!!)|\*|\/\*).*$/gm, (line) => ' '.repeat(line.length));
}

/** The string literals of one call, as the words of a command line. */
function wordsOfCall(text: string, from: number): string {
  // Past that many characters a call's arguments are no command any more.
  const call = text.slice(from, from + 400);
  const words: string[] = [];
  let depth = 1;
  for (const match of call.matchAll(/(['"`])((?:\\.|(?!\1)[^\\])*)\1|[(){]/gs)) {
    // Options are no words of the command.
    if (match[0] === '{') break;
    if (match[0] === '(') depth += 1;
    else if (match[0] === ')') depth -= 1;
    else words.push(match[2] ?? '');
    if (depth === 0) break;
  }
  // `require.resolve` takes a runner's main file without its extension.
  return words.join(' ').replace(/(\bjest(?:-cli)?\/bin\/jest)(?!\.js)\b/g, '$1.js');
}

function firstRun(
  line: string,
  runsOf: RunsOf,
): { readonly command: string; readonly runner: Runner } | null {
  const run = (runsOf(line) ?? []).find(({ verdict }) => verdict === 'bypass');
  return run === undefined || run.runner === null ? null : { command: run.subject, runner: run.runner };
}

function inCode(text: string, runsOf: RunsOf): Omit<RunnerFile, 'file'> | null {
  for (const match of text.matchAll(starters)) {
    const isTemplate = match[0].endsWith('`');
    const from = match.index + match[0].length - (isTemplate ? 1 : 0);
    const found = firstRun(wordsOfCall(text, from), runsOf);
    if (found !== null) return { ...found, line: placeOf(text, match.index).line };
  }
  for (const [name, call, runner] of interfaces) {
    const match = name.test(text) ? call.exec(text) : null;
    if (match === null) continue;
    return { line: placeOf(text, match.index).line, command: match[0].replace(/\s*\($/, ''), runner };
  }
  return null;
}

function inShell(text: string, runsOf: RunsOf): Omit<RunnerFile, 'file'> | null {
  const found = firstRun(text, runsOf);
  if (found === null) return null;
  return { ...found, line: placeOf(text, Math.max(0, text.indexOf(found.command))).line };
}

/** True for a file that a shell reads: by its name, or by its first line. */
function isShellText(file: string, text: string): boolean {
  const extension = extname(file);
  if (shellExtensions.has(extension)) return true;
  return extension === '' && /^#!.*\b(?:ba|da|z|k)?sh\b/.test(text);
}

/**
 * The first file among those that a script runs which starts a test runner by itself. Read as text, never run: shell files
 * as the policy reads a script, other files by the literal words of calls that start programs.
 */
export function findRunnerFile(
  commands: readonly SimpleCommand[],
  directory: string,
  runsOf: RunsOf,
): RunnerFile | null {
  for (const command of commands) {
    const file = fileOf(command);
    if (file === null || file.includes('node_modules/')) continue;
    const text = readSmall(resolve(directory, file));
    if (text === null) continue;
    const isCode = codeExtensions.has(extname(file)) || /^#!.*\b(?:node|python[\d.]*)\b/.test(text);
    const found = isShellText(file, text)
      ? inShell(text, runsOf)
      : isCode
        ? inCode(withoutComments(text), runsOf)
        : null;
    if (found !== null) return { file, ...found };
  }
  return null;
}
