import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { below } from '../../below.ts';
import { withoutDashes } from '../../characters.ts';
import type { Environment } from '../../env.ts';
import { readText, upward } from '../../repository.ts';
import { flagsOf } from '../../telemetry/runner-flags.ts';
import { addoptsIn, splitAddopts } from './command-line.ts';

const iniSection = /^\[pytest\]/m;
const cfgSection = /^\[tool:pytest\]/m;
const tomlSection = /^[ \t]*\[tool\.pytest(?:\.ini_options)?\]/m;
const ownTomlSection = /^[ \t]*\[pytest\]/m;

/**
 * Where pytest looks for its settings, in its order; https://docs.pytest.org/en/stable/reference/customize.html. The first file that
 * counts is the one, whether `addopts` stands in it or not: one of pytest's own even when it is empty, others when they have the section.
 */
const settingsFiles: readonly {
  readonly name: string;
  readonly isOwn: boolean;
  /** The section in which `addopts` stands. */
  readonly section: RegExp;
}[] = [
  { name: 'pytest.toml', isOwn: true, section: ownTomlSection },
  { name: '.pytest.toml', isOwn: true, section: ownTomlSection },
  { name: 'pytest.ini', isOwn: true, section: iniSection },
  { name: '.pytest.ini', isOwn: true, section: iniSection },
  { name: 'pyproject.toml', isOwn: false, section: tomlSection },
  { name: 'tox.ini', isOwn: false, section: iniSection },
  { name: 'setup.cfg', isOwn: false, section: cfgSection },
];

/** The text of a settings file from the head of pytest's section to the next one's. */
function sectionOf(text: string, section: RegExp): string {
  const lines = text.replace(/\r\n?/g, '\n');
  const from = section.exec(lines);
  if (from === null) return '';
  const rest = lines.slice(from.index + from[0].length);
  // A line of a list that begins with a bracket ends with a comma, or is quoted.
  const next = /^[ \t]*\[\[?[A-Za-z_][^\]\n]*\]\]?[ \t]*(?:[#;].*)?$/m.exec(rest);
  return next === null ? rest : rest.slice(0, next.index);
}

/** The `addopts` of the nearest file that pytest reads at or above a directory; null when there is none. */
function addoptsAbove(directory: string): string | null {
  for (const candidate of upward(directory)) {
    for (const { name, isOwn, section } of settingsFiles) {
      const text = readText(below(candidate, name));
      if (text !== null && (isOwn || section.test(text))) return addoptsIn(sectionOf(text, section)) ?? '';
    }
  }
  return null;
}

/** The `addopts` of a file that `-c` names: its suffix says what it is. */
function addoptsOfFile(path: string): string {
  const text = readText(path) ?? '';
  const sections = path.endsWith('.toml')
    ? [tomlSection, ownTomlSection]
    : path.endsWith('.cfg')
      ? [cfgSection]
      : [iniSection];
  const section = sections.find((candidate) => candidate.test(text));
  return section === undefined ? '' : (addoptsIn(sectionOf(text, section)) ?? '');
}

/** The directory of what exists under this name, its own when it is one; null when nothing does. */
function directoryOf(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    return stats.isDirectory() ? path : dirname(path);
  } catch {
    // Too long for a name, or in a directory that is closed to us: the value of some plugin's option.
    return null;
  }
}

/** The deepest directory that holds all of these. */
function commonAncestor([first = '/', ...others]: readonly string[]): string {
  for (const candidate of upward(first)) {
    const isAbove = (path: string) => path === candidate || path.startsWith(join(candidate, '/'));
    if (others.every(isAbove)) return candidate;
  }
  return '/';
}

/** What a command line says of where pytest's settings are. */
interface Told {
  /** The file after `-c`. */
  readonly file: string | null;
  /** `addopts` as `-o` sets it. */
  readonly addopts: string | null;
  /** The words that are no options, nor values of pytest's own options. */
  readonly operands: readonly string[];
}

function toldBy(args: readonly string[]): Told {
  const { valued, aliases } = flagsOf('pytest');
  const takesNext = (word: string) => {
    const name = withoutDashes(word);
    return word.startsWith('-') && !word.includes('=') && valued.has(aliases.get(name) ?? name);
  };
  let file: string | null = null;
  let addopts: string | null = null;
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    const isFile = word === '-c' || word === '--config-file';
    const isSetting = word === '-o' || word === '--override-ini';
    const [, named] = /^(?:-c|--config-file=)(.+)$/s.exec(word) ?? [];
    const [, set] = /^(?:-o|--override-ini=)(.+)$/s.exec(word) ?? [];
    if (isFile || named !== undefined) file = named ?? args[at + 1] ?? null;
    const setting = isSetting ? (args[at + 1] ?? '') : (set ?? '');
    if (setting.startsWith('addopts=')) addopts = setting.slice('addopts='.length);
    if (isFile || isSetting || takesNext(word)) at++;
    else if (!word.startsWith('-')) operands.push(word);
  }
  return { file, addopts, operands };
}

/**
 * The project's `addopts` as pytest finds them: in the file that `-c` names, else at or above the deepest directory that holds every
 * path among the arguments, else at or above each of them.
 */
function addoptsOfProject(directory: string, told: Told): string {
  if (told.file !== null) return addoptsOfFile(resolve(directory, told.file));
  const named = told.operands.flatMap((word) => {
    const path = word.split('::', 1)[0] ?? '';
    return path === '' ? [] : (directoryOf(resolve(directory, path)) ?? []);
  });
  const together = addoptsAbove(named.length === 0 ? directory : commonAncestor(named));
  if (together !== null) return together;
  for (const path of named) {
    const found = addoptsAbove(path);
    if (found !== null) return found;
  }
  return '';
}

/** The arguments that pytest adds before those of the command line: the project's `addopts`, then PYTEST_ADDOPTS. */
export function addedArguments(
  directory: string,
  args: readonly string[],
  environment: Environment,
): readonly string[] {
  const fromEnvironment = splitAddopts(environment.PYTEST_ADDOPTS ?? '');
  const told = toldBy([...fromEnvironment, ...args]);
  return [...splitAddopts(told.addopts ?? addoptsOfProject(directory, told)), ...fromEnvironment];
}
