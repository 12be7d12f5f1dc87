import { relative } from 'node:path';
import { findNodeAtLocation } from 'jsonc-parser';
import type { LoadedConfig, ScriptException } from '../config.ts';
import { placeOf } from './text-place.ts';
import { readJsonFile } from './workspace/json-file.ts';

/** An exception of the config, and where it stands there. */
export interface DeclaredException extends ScriptException {
  /** The config file, from the workspace's root. */
  readonly file: string;
  readonly line: number;
}

/** The exceptions of a config that was loaded, in its order. */
export function declaredExceptions(config: LoadedConfig, root: string): readonly DeclaredException[] {
  if (config.kind !== 'ok') return [];
  const exceptions = config.config.exceptions ?? [];
  if (exceptions.length === 0) return [];
  const file = relative(root, config.file);
  const read = readJsonFile(config.file, file);
  return exceptions.map((exception, index) => {
    const node = read.kind === 'read' ? findNodeAtLocation(read.file.tree, ['exceptions', index]) : undefined;
    const line = read.kind === 'read' && node !== undefined ? placeOf(read.file.text, node.offset).line : 1;
    return { ...exception, file, line };
  });
}
