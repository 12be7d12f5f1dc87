import { existsSync, lstatSync, type Stats } from 'node:fs';
import { below } from './below.ts';
import { isPolicyMode, type PolicyMode } from './env.ts';
import type { Intent } from './policy/verdict.ts';
import { readText, repositoryAt, upward } from './repository.ts';

/** The file that holds a repository's settings. */
export const configFileName = 'test-governor.config.json';

/** Settings that are one number each; schemas/config.schema.json says what each means and may be. */
const numberFields = [
  'memoryBudgetPct',
  'cpuSlotPct',
  'maxLoad',
  'queueTimeoutSeconds',
  'testTimeoutSeconds',
  'killGraceSeconds',
  'maxWorkersCap',
] as const;

type NumberField = (typeof numberFields)[number];

/** Memory in MB that a run of each class is expected to take while too few have been measured. */
export type ClassBudgets = Readonly<Partial<Record<Intent, number>>>;
/** A package script that may start a test runner ungoverned, and why. */
export interface ScriptException {
  /** The package's name, or its directory from the workspace's root (`.` for the root itself). */
  readonly package: string;
  readonly script: string;
  readonly reason: string;
}

/** A repository's settings; what the file leaves out is absent here. */
export interface Config extends Readonly<Partial<Record<NumberField, number>>> {
  readonly mode?: PolicyMode;
  readonly envPrefix?: string;
  readonly classBudgetsMb?: ClassBudgets;
  readonly docsLint?: {
    /** Patterns of Markdown files that docs-lint leaves out, relative to the config's directory; in place of the default ones. */
    readonly archive?: readonly string[];
  };
  readonly exceptions?: readonly ScriptException[];
}

export type LoadedConfig =
  | { readonly kind: 'none' }
  | { readonly kind: 'ok'; readonly file: string; readonly config: Config }
  | {
      readonly kind: 'invalid';
      readonly file: string;
      /** JSON pointer to the value that is wrong; empty for the whole file. */
      readonly pointer: string;
      /** What was expected there, as a phrase that follows "expected". */
      readonly expected: string;
    };

/** How a bound of the schema reads in a sentence. */
const comparisons: Readonly<Record<string, string>> = {
  '>': 'above',
  '>=': 'of at least',
  '<=': 'of at most',
};

function expectation(params: Readonly<Record<string, unknown>>, message: string | undefined): string {
  if (Array.isArray(params.allowedValues)) return `one of ${params.allowedValues.join(', ')}`;
  if (typeof params.additionalProperty === 'string') {
    return `no property "${params.additionalProperty}"`;
  }
  if (typeof params.limit === 'number' && typeof params.comparison === 'string') {
    return `a number ${comparisons[params.comparison] ?? params.comparison} ${params.limit}`;
  }
  if (typeof params.missingProperty === 'string') return `a property "${params.missingProperty}"`;
  const said = message ?? 'a valid value';
  // The schema asks for no other least length than 1.
  if (said.startsWith('must NOT have fewer')) return 'a text that is not empty';
  return said.replace(/^must (?:be |match )?/, '').replace(/^NOT have more/, 'no more');
}

function numbersIn(values: Readonly<Record<string, unknown>>): Partial<Record<NumberField, number>> {
  const found: Partial<Record<NumberField, number>> = {};
  for (const field of numberFields) {
    const value = values[field];
    if (typeof value === 'number') found[field] = value;
  }
  return found;
}

function readDocsLint(value: unknown): Pick<Config, 'docsLint'> {
  if (typeof value !== 'object' || value === null || !('archive' in value)) return {};
  const { archive } = value;
  return Array.isArray(archive)
    ? { docsLint: { archive: archive.filter((pattern) => typeof pattern === 'string') } }
    : {};
}

/** What JSON.parse says, with the line in which it stopped; node 20 gives the position alone. */
function describeSyntax(error: unknown, text: string): string {
  const said = error instanceof Error ? error.message : String(error);
  const position = / at position (\d+)$/.exec(said)?.[1];
  return position === undefined
    ? said
    : `${said}, line ${text.slice(0, Number(position)).split('\n').length}`;
}

function parse(file: string, whole: string): LoadedConfig {
  const text = whole.replace(/^\uFEFF/, '');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { kind: 'invalid', file, pointer: '', expected: `JSON (${describeSyntax(error, text)})` };
  }
  const { validate }: typeof import('./validate-config-part.ts') = require('./validate-config-part.ts');
  if (!validate(parsed)) {
    const first = validate.errors?.[0];
    return {
      kind: 'invalid',
      file,
      pointer: first?.instancePath ?? '',
      expected: expectation(first?.params ?? {}, first?.message),
    };
  }
  const values: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), parsed);
  const { mode, envPrefix, classBudgetsMb, docsLint, exceptions } = values;
  return {
    kind: 'ok',
    file,
    config: {
      ...(typeof mode === 'string' && isPolicyMode(mode) ? { mode } : {}),
      ...(typeof envPrefix === 'string' ? { envPrefix } : {}),
      ...(typeof classBudgetsMb === 'object' && classBudgetsMb !== null ? { classBudgetsMb } : {}),
      ...numbersIn(values),
      ...readDocsLint(docsLint),
      ...(Array.isArray(exceptions) ? { exceptions } : {}),
    },
  };
}

/** Whatever has the config's name; null when nothing has, as in nearly every directory that is looked at. */
function standingAt(file: string): Stats | null {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** The config of a file that may be anything: ignored, a directory or a dead link would leave a repository without its settings. */
function read(file: string): LoadedConfig {
  if (standingAt(file) === null) return { kind: 'none' };
  const text = readText(file);
  if (text !== null) return parse(file, text);
  // Looked at again: it may have been removed in the meantime.
  const stats = standingAt(file);
  if (stats === null) return { kind: 'none' };
  const isDeadLink = stats.isSymbolicLink() && !existsSync(file);
  const detail = isDeadLink
    ? ' (it is a symbolic link that leads nowhere)'
    : stats.isDirectory()
      ? ' (it is a directory)'
      : ' that can be read';
  return { kind: 'invalid', file, pointer: '', expected: `a file${detail}` };
}

/** Loads the nearest config at or above `directory`, no further up than the repository's top. Never throws. */
export function loadConfig(directory: string): LoadedConfig {
  for (const candidate of upward(directory)) {
    const config = read(below(candidate, configFileName));
    if (config.kind !== 'none') return config;
    if (repositoryAt(candidate) !== null) break;
  }
  return { kind: 'none' };
}

/** One sentence about an invalid config: file, JSON pointer, what was expected. */
export function describeInvalid(config: Extract<LoadedConfig, { kind: 'invalid' }>): string {
  const place = config.pointer === '' ? '' : ` at ${config.pointer}`;
  return `${config.file}${place}: expected ${config.expected}`;
}
