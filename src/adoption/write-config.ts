import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFileName, type LoadedConfig } from '../config.ts';
import { errorCode } from '../error-code.ts';
import { findRepository } from '../repository.ts';
import { createFile, failureWords, replaceFile } from './replace-file.ts';

/** A config that can be edited. */
export type UsableConfig = Exclude<LoadedConfig, { kind: 'invalid' }>;

/** The file of the config that is in force, or of a new one at the top of the repository. */
export function configPath(config: UsableConfig, cwd: string): string {
  return config.kind === 'none' ? join(findRepository(cwd)?.top ?? cwd, configFileName) : config.file;
}

/**
 * Writes a change into the config, whole or not at all. Never throws.
 * @param edit gives the new text for the present one, which is empty where there is no config yet.
 * @returns one sentence about why it could not be written (not escaped); null when it was.
 */
export function writeConfig(
  config: UsableConfig,
  cwd: string,
  edit: (text: string) => string,
): string | null {
  const file = configPath(config, cwd);
  let before = '';
  try {
    if (config.kind === 'ok') before = readFileSync(file, 'utf8');
  } catch (error) {
    return `${file} cannot be read any more (${errorCode(error) ?? 'unknown error'})`;
  }
  const after = edit(before);
  const outcome = config.kind === 'ok' ? replaceFile(file, before, after) : createFile(file, after);
  return outcome.kind === 'replaced' ? null : failureWords(file, outcome);
}
