import { basename, join, resolve } from 'node:path';
import type { PackageFacts, PackageReader } from '../../policy/verdict.ts';
import { upward } from '../../repository.ts';
import type { Manifest } from './manifest.ts';
import type { Workspace } from './workspace.ts';

function readerOf(
  workspace: Workspace,
  factsOf: (manifest: Manifest) => PackageFacts,
  membersOf: (members: readonly PackageFacts[]) => readonly PackageFacts[],
): PackageReader {
  const facts = new Map(workspace.manifests.map((manifest) => [manifest.directory, factsOf(manifest)]));
  const each = [...facts.values()].filter(({ directory }) => directory !== workspace.root);
  const byName = new Map(each.flatMap((one) => (one.name === null ? [] : [[one.name, one] as const])));
  const byLastPart = new Map(
    each.flatMap((one) => (one.name === null ? [] : [[basename(one.name), one] as const])),
  );
  const members = membersOf(each);
  return {
    at: (directory) => facts.get(directory) ?? null,
    nearest(directory) {
      for (const candidate of upward(directory)) {
        const found = facts.get(candidate);
        if (found !== undefined) return found;
        if (candidate === workspace.root) break;
      }
      return null;
    },
    member: (directory, selector) =>
      byName.get(selector) ?? byLastPart.get(selector) ?? facts.get(resolve(directory, selector)) ?? null,
    members: () => members,
  };
}

function scriptsOf(manifest: Manifest, textOf: (text: string) => string): Record<string, string> {
  const scripts: Record<string, string> = Object.create(null);
  for (const { name, text } of manifest.scripts) scripts[name] = textOf(text);
  return scripts;
}

/** The workspace as the policy reads it, for a script that hands arguments to others. */
export function scriptReader(workspace: Workspace): PackageReader {
  const factsOf = (manifest: Manifest): PackageFacts => ({
    directory: manifest.directory,
    name: manifest.name,
    scripts: scriptsOf(manifest, (text) => text),
  });
  return readerOf(workspace, factsOf, (members) => members);
}

/** A text that starts nothing, with whatever arguments. */
const noCommand = ':';

/**
 * The workspace by the names of its scripts alone, for an audit that looks at every script by itself: what a script starts
 * through others is found at those. All members together stand for one package that has every script, or `pnpm -r test` in
 * each of a thousand packages would be looked up in a thousand.
 */
export function scriptNameReader(workspace: Workspace): PackageReader {
  const factsOf = (manifest: Manifest): PackageFacts => ({
    directory: manifest.directory,
    name: manifest.name,
    scripts: scriptsOf(manifest, () => noCommand),
  });
  return readerOf(workspace, factsOf, (members) => {
    if (members.length === 0) return [];
    const scripts: Record<string, string> = Object.assign(
      Object.create(null),
      ...members.map((member) => member.scripts),
    );
    return [{ directory: join(workspace.root, '*'), name: null, scripts }];
  });
}
