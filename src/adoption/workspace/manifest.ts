import { dirname } from 'node:path';
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { placeOf, type TextPlace } from '../text-place.ts';
import { type JsonFile, readJsonFile } from './json-file.ts';
import type { Problem } from './problem.ts';

/** One entry of a package.json's `scripts`. */
export interface Script extends TextPlace {
  readonly name: string;
  readonly text: string;
  /** Where the value stands in the file's text, its quotes included. */
  readonly offset: number;
  readonly length: number;
}

/** A package.json of the workspace. */
export interface Manifest {
  /** The directory that holds it, absolute. */
  readonly directory: string;
  /** The file's absolute path, and its path from the workspace's root. */
  readonly path: string;
  readonly shown: string;
  readonly file: JsonFile;
  readonly name: string | null;
  readonly scripts: readonly Script[];
  /** Every package that it names as a dependency of whatever kind. */
  readonly dependencies: ReadonlySet<string>;
}

export type ReadManifest =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly problem: Problem };

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** The properties of an object, as pairs of nodes. */
function properties(node: Node | undefined): readonly (readonly [Node, Node])[] {
  return (node?.type === 'object' ? (node.children ?? []) : []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
}

function scriptsOf(file: JsonFile): readonly Script[] {
  return properties(findNodeAtLocation(file.tree, ['scripts'])).flatMap(([key, value]) => {
    // A value that is no string is ignored by package managers too.
    if (value.type !== 'string') return [];
    const { offset, length } = value;
    return [
      {
        name: String(key.value),
        text: String(value.value),
        offset,
        length,
        ...placeOf(file.text, key.offset),
      },
    ];
  });
}

/** Reads the package.json at `path`; `shown` is its name in problems and findings. */
export function readManifest(path: string, shown: string): ReadManifest {
  const read = readJsonFile(path, shown);
  if (read.kind !== 'read') return read;
  const { file } = read;
  const name = findNodeAtLocation(file.tree, ['name']);
  return {
    kind: 'read',
    manifest: {
      directory: dirname(path),
      path,
      shown,
      file,
      name: name?.type === 'string' ? String(name.value) : null,
      scripts: scriptsOf(file),
      dependencies: new Set(
        dependencyFields.flatMap((field) =>
          properties(findNodeAtLocation(file.tree, [field])).map(([key]) => String(key.value)),
        ),
      ),
    },
  };
}
