import { join } from 'node:path';
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { isNode, isScalar, isSeq, LineCounter, parseDocument, type Range } from 'yaml';
import { readText } from '../../repository.ts';
import { placeOf, type TextPlace } from '../text-place.ts';
import { type JsonFile, readJsonFile } from './json-file.ts';
import type { Problem } from './problem.ts';

/** Which file says where the packages lie. `single` is a package without others below it. */
export type Layout = 'pnpm' | 'workspaces' | 'lerna' | 'nx' | 'single';

/** One pattern of a workspace, as `packages/*`. */
export interface WorkspacePattern extends TextPlace {
  readonly pattern: string;
  /** The file that holds it, from the root. */
  readonly file: string;
  /** Nobody wrote it, so that it need not match. */
  readonly isDefault: boolean;
}

/** What the files at a directory say about packages below it. */
export interface Declaration {
  readonly layout: Exclude<Layout, 'single'>;
  readonly patterns: readonly WorkspacePattern[];
  readonly problems: readonly Problem[];
}

/** What a list of patterns holds, and what in it is none. */
type PatternList = Pick<Declaration, 'patterns' | 'problems'>;

function noList(file: string, place: TextPlace): Problem {
  const problem = 'the packages of the workspace have to be a list of patterns, such as ["packages/*"]';
  return { file, ...place, kind: 'not-a-list', problem };
}

function noPattern(file: string, place: TextPlace): Problem {
  return { file, ...place, kind: 'not-a-list', problem: 'a pattern for packages has to be a text' };
}

function itemsOf(file: JsonFile, node: Node | undefined, shown: string): PatternList {
  if (node === undefined) return { patterns: [], problems: [] };
  const at = (item: Node) => placeOf(file.text, item.offset);
  if (node.type !== 'array') return { patterns: [], problems: [noList(shown, at(node))] };
  const items = node.children ?? [];
  return {
    patterns: items
      .filter(({ type }) => type === 'string')
      .map((item) => ({ pattern: String(item.value), file: shown, isDefault: false, ...at(item) })),
    problems: items.filter(({ type }) => type !== 'string').map((item) => noPattern(shown, at(item))),
  };
}

function defaults(file: string, ...patterns: readonly string[]): readonly WorkspacePattern[] {
  return patterns.map((pattern) => ({ pattern, file, isDefault: true, line: 1, column: 1 }));
}

/** Where a part of a document stands; null for one that has no place of its own. */
function rangeOf(part: unknown): Range | null {
  return isNode(part) ? (part.range ?? null) : null;
}

/** https://pnpm.io/pnpm-workspace_yaml: without `packages` the workspace is the root alone. */
function fromPnpm(root: string): Declaration | null {
  const shown = 'pnpm-workspace.yaml';
  const text = readText(join(root, shown));
  if (text === null) return null;
  const counter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: counter });
  const place = (range: Range | null | undefined): TextPlace => {
    const { line, col } = counter.linePos(range?.[0] ?? 0);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = counter.linePos(error.pos[0]);
    const [sentence = ''] = error.message.split('\n');
    const problem = `it is not YAML: ${sentence.replace(/ at line \d+, column \d+:?$/, '')}`;
    return {
      layout: 'pnpm',
      patterns: [],
      problems: [{ file: shown, line, column: col, kind: 'syntax', problem }],
    };
  }
  const list = document.get('packages', true);
  if (!isSeq(list)) {
    const isMissing = list === undefined || (isScalar(list) && list.value === null);
    return { layout: 'pnpm', patterns: [], problems: isMissing ? [] : [noList(shown, place(rangeOf(list)))] };
  }
  const patterns: WorkspacePattern[] = [];
  const problems: Problem[] = [];
  for (const item of list.items) {
    if (isScalar(item) && typeof item.value === 'string') {
      patterns.push({ pattern: item.value, file: shown, isDefault: false, ...place(item.range) });
    } else problems.push(noPattern(shown, place(rangeOf(item))));
  }
  return { layout: 'pnpm', patterns, problems };
}

/** The `workspaces` field that npm, Yarn and Bun share; Yarn 1 also takes `{ "packages": [...] }`. */
function fromManifest(root: string): Declaration | null {
  const shown = 'package.json';
  const read = readJsonFile(join(root, shown), shown);
  if (read.kind !== 'read') return null;
  const { file } = read;
  const field = findNodeAtLocation(file.tree, ['workspaces']);
  if (field === undefined) return null;
  const list = field.type === 'object' ? findNodeAtLocation(file.tree, ['workspaces', 'packages']) : field;
  return { layout: 'workspaces', ...itemsOf(file, list, shown) };
}

/** https://lerna.js.org/docs/api-reference/configuration: `packages/*` is what lerna takes by itself. */
function fromLerna(root: string): Declaration | null {
  const shown = 'lerna.json';
  const read = readJsonFile(join(root, shown), shown);
  switch (read.kind) {
    case 'absent':
      return null;
    case 'broken':
      return { layout: 'lerna', patterns: [], problems: [read.problem] };
    case 'read': {
      const list = findNodeAtLocation(read.file.tree, ['packages']);
      if (list === undefined)
        return { layout: 'lerna', patterns: defaults(shown, 'packages/*'), problems: [] };
      return { layout: 'lerna', ...itemsOf(read.file, list, shown) };
    }
    default:
      return read satisfies never;
  }
}

/** An nx repository whose package manager knows no workspaces: projects lie where `workspaceLayout` says. */
function fromNx(root: string): Declaration | null {
  const shown = 'nx.json';
  const read = readJsonFile(join(root, shown), shown);
  switch (read.kind) {
    case 'absent':
      return null;
    case 'broken':
      return { layout: 'nx', patterns: [], problems: [read.problem] };
    case 'read': {
      const directory = (name: string, otherwise: string) => {
        const node = findNodeAtLocation(read.file.tree, ['workspaceLayout', name]);
        return node?.type === 'string' ? String(node.value) : otherwise;
      };
      const places = [directory('appsDir', 'apps'), directory('libsDir', 'libs'), 'packages'];
      const patterns = [...new Set(places)].map((place) => `${place}/**`);
      return { layout: 'nx', patterns: defaults(shown, ...patterns), problems: [] };
    }
    default:
      return read satisfies never;
  }
}

/** What the files at `root` say about the packages of its workspace; the package manager's own word first. Null when they say nothing. */
export function declarationAt(root: string): Declaration | null {
  return fromPnpm(root) ?? fromManifest(root) ?? fromLerna(root) ?? fromNx(root);
}
