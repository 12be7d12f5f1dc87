import { join } from 'node:path';
import { isPolicyMode, type PolicyMode } from './env.ts';
import validate from './generated/validate-config.cjs';
import { findRepository, readText, upward } from './repository.ts';

/** The file that holds a repository's settings. */
export const configFileName = 'test-governor.config.json';

/** A repository's settings; what the file leaves out is absent here. */
export interface Config {
  readonly mode?: PolicyMode;
  readonly envPrefix?: string;
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

function expectation(params: Readonly<Record<string, unknown>>, message: string | undefined): string {
  if (Array.isArray(params.allowedValues)) return `one of ${params.allowedValues.join(', ')}`;
  if (typeof params.additionalProperty === 'string') {
    return `no property "${params.additionalProperty}"`;
  }
  return (message ?? 'a valid value').replace(/^must (?:be |match |NOT )?/, '');
}

function parse(file: string, text: string): LoadedConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: 'invalid', file, pointer: '', expected: `JSON (${detail})` };
  }
  if (!validate(parsed)) {
    const first = validate.errors?.[0];
    return {
      kind: 'invalid',
      file,
      pointer: first?.instancePath ?? '',
      expected: expectation(first?.params ?? {}, first?.message),
    };
  }
  const { mode, envPrefix } = Object.assign(Object.create(null), parsed);
  return {
    kind: 'ok',
    file,
    config: {
      ...(typeof mode === 'string' && isPolicyMode(mode) ? { mode } : {}),
      ...(typeof envPrefix === 'string' ? { envPrefix } : {}),
    },
  };
}

/** Loads the nearest config at or above `directory`, no further up than the repository's top. Never throws. */
export function loadConfig(directory: string): LoadedConfig {
  const top = findRepository(directory)?.top ?? null;
  for (const candidate of upward(directory)) {
    const file = join(candidate, configFileName);
    const text = readText(file);
    if (text !== null) return parse(file, text);
    if (candidate === top) break;
  }
  return { kind: 'none' };
}

/** One sentence about an invalid config: file, JSON pointer, what was expected. */
export function describeInvalid(config: Extract<LoadedConfig, { kind: 'invalid' }>): string {
  const place = config.pointer === '' ? '' : ` at ${config.pointer}`;
  return `${config.file}${place}: expected ${config.expected}`;
}
