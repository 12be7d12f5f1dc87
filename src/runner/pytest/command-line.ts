import { isDigits, isShortOption } from '../../characters.ts';
import type { Environment } from '../../env.ts';

/** What a pytest command line says of its workers. */
export type SaidOfWorkers =
  /** A number, `auto` or `logical`, as pytest-xdist reads it. */
  | { readonly kind: 'workers'; readonly value: string }
  /** It wants to run in one process: `-p no:xdist`, `--pdb`, which does not work across processes. */
  | { readonly kind: 'one-process' }
  | { readonly kind: 'nothing' };

/** Short options of pytest that take a value; in a cluster (`-xn4`) the rest of the word is the value. */
const valuedLetters = 'cknmoprW';

/** The value of `-n` in a cluster of short options: `-n4`, `-xn4`; null where there is no `n`, '' where the value follows. */
function workersInCluster(word: string): string | null {
  if (!isShortOption(word)) return null;
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? '';
    if (letter === 'n') return word.slice(word[at + 1] === '=' ? at + 2 : at + 1);
    if (valuedLetters.includes(letter)) return null;
  }
  return null;
}

/** What stands in a word about workers; `next` is the word after it. */
function inWord(word: string, next: string | undefined): SaidOfWorkers {
  const [name = '', ...rest] = word.split('=');
  // Its own way to say what runs the tests, which -n would replace: `--tx 3*popen`.
  if (name === '--numprocesses' || name === '--tx') {
    return { kind: 'workers', value: rest.length > 0 ? rest.join('=') : (next ?? '') };
  }
  if (word === '--pdb' || word === '--trace') return { kind: 'one-process' };
  if (word === '-pno:xdist' || (word === '-p' && next === 'no:xdist')) return { kind: 'one-process' };
  if (word.startsWith('--')) return { kind: 'nothing' };
  const attached = workersInCluster(word);
  return attached === null
    ? { kind: 'nothing' }
    : { kind: 'workers', value: attached === '' ? (next ?? '') : attached };
}

/** What a command line says of its workers: the last word about them counts, as in pytest. */
export function saidOfWorkers(args: readonly string[]): SaidOfWorkers {
  let said: SaidOfWorkers = { kind: 'nothing' };
  for (const [at, word] of args.entries()) {
    if (word === '--') break;
    const here = inWord(word, args[at + 1]);
    if (here.kind !== 'nothing') said = here;
  }
  return said;
}

/** The variable by which pytest-xdist learns how many workers `auto` means. */
export const autoWorkers = 'PYTEST_XDIST_AUTO_NUM_WORKERS';

/** How many workers the caller's own word means (`4`, `auto`, `3*popen`); null when it is no number that we know. */
export function countSaid(value: string, environment: Environment, cpus: number): number | null {
  const [digits = ''] = value.split('*', 1);
  if (isDigits(digits)) return Math.max(1, Number(digits));
  const auto = environment[autoWorkers];
  if (value === 'auto' && auto !== undefined && isDigits(auto)) return Number(auto);
  return value === 'auto' || value === 'logical' ? cpus : null;
}

/** True when a cluster of short options has this one, which takes no value: `-s`, `-xsv`. */
function hasShort(word: string, wanted: string): boolean {
  if (!isShortOption(word)) return false;
  for (const letter of word.slice(1)) {
    if (letter === wanted) return true;
    if (valuedLetters.includes(letter)) return false;
  }
  return false;
}

/**
 * True when tests are to have the terminal for themselves (`-s`, `--capture=no`): pytest-xdist's workers have no standard input, and
 * what is printed in them is lost. The last word about it counts.
 */
export function isUncaptured(args: readonly string[]): boolean {
  let method = 'fd';
  for (const [at, word] of args.entries()) {
    if (word === '--') break;
    if (word === '--capture') method = args[at + 1] ?? method;
    else if (word.startsWith('--capture=')) method = word.slice('--capture='.length);
    else if (hasShort(word, 's')) method = 'no';
  }
  return method === 'no';
}

/** The plugins that a command line names with `-p`, `no:` and all. */
function pluginsIn(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).flatMap((word, at) => {
    if (word === '-p') return args[at + 1] ?? [];
    return /^-p./.test(word) ? word.slice(2) : [];
  });
}

/** True when pytest does not load an installed pytest-xdist, and so knows no `-n`: it is shut out, or nothing asks for it. */
export function isXdistOff(args: readonly string[], environment: Environment): boolean {
  const plugins = pluginsIn(args);
  if (plugins.includes('no:xdist')) return true;
  const isAutomatic =
    (environment.PYTEST_DISABLE_PLUGIN_AUTOLOAD ?? '') === '' && !args.includes('--disable-plugin-autoload');
  const asked = [...plugins, ...(environment.PYTEST_PLUGINS ?? '').split(',')].map((name) => name.trim());
  return !isAutomatic && !asked.some((name) => name === 'xdist' || name === 'xdist.plugin');
}

/** True for `-f` and `--looponfail`: pytest-xdist then watches the files and never ends. */
export function asksPytestToWatch(args: readonly string[]): boolean {
  return args.some(
    (word) => word === '--looponfail' || (isShortOption(word) && /^-[xvqs]*f[xvqs]*$/.test(word)),
  );
}

/** The words of `addopts` in a project's settings, or of PYTEST_ADDOPTS: split at white space, quotes taken off. */
export function splitAddopts(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|[^\s,[\]]+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  );
}

/** What stands in a string of TOML, which pytest splits as it splits the whole value of an ini file; null for what is none, or a list. */
function inTomlString(text: string): string | null {
  const [, long, longLiteral, basic, literal] =
    /^[ \t]*"?addopts"?\s*=\s*(?:"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:\\.|[^"\\\n])*)"|'([^'\n]*)')[ \t]*(?:#.*)?$(?!\n[ \t]+(?!#|[A-Za-z_"][\w"-]*\s*=)\S)/m.exec(
      text,
    ) ?? [];
  const escaped = long ?? basic;
  return escaped === undefined ? (longLiteral ?? literal ?? null) : escaped.replace(/\\(["\\])/g, '$1');
}

/** A list of TOML without the comments behind its words. */
function withoutComments(list: string): string {
  return list.replace(/"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#.*/g, (part) => (part.startsWith('#') ? '' : part));
}

/** The value of `addopts` in pytest.ini, tox.ini, setup.cfg or pyproject.toml; null where there is none. */
export function addoptsIn(text: string): string | null {
  const string = inTomlString(text);
  if (string !== null) return string.trim() === '' ? null : string;
  // Empty lines and comments do not end a value of more lines, neither in an ini file nor in a list of TOML.
  const [, first = '', more = ''] =
    /^[ \t]*"?addopts"?[ \t]*[=:][ \t]*(.*)((?:\n[ \t]+.*|\n[ \t]*["'].*|\n[ \t]*(?=\n)|\n[#;].*)*)/m.exec(
      text.replace(/^[ \t]*[#;].*\n/gm, ''),
    ) ?? [];
  const written = `${first}${more}`.trim();
  const value = written.startsWith('[') ? withoutComments(written) : written;
  const [list] = /^\[(?:"[^"]*"|'[^']*'|[^\]"'])*\]/.exec(value) ?? [];
  if (list !== undefined) return list;
  return value === '' ? null : value;
}
