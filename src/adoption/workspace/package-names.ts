import { basename, relative, resolve } from 'node:path';
import type { PackageFacts, PackageReader } from '../../policy/verdict.ts';
import { upward } from '../../repository.ts';
import type { Manifest } from './manifest.ts';
import type { Workspace } from './workspace.ts';

function factsOf(manifest: Manifest, withTexts: boolean): PackageFacts {
  const scripts: Record<string, string> = Object.create(null);
  for (const { name, text } of manifest.scripts) scripts[name] = withTexts ? text : '';
  return { directory: manifest.directory, name: manifest.name, scripts };
}

/**
 * The workspace as the policy reads it.
 * @param withTexts false: scripts go by their names alone, so that what they start is not followed. An audit that looks at
 * every script by itself must see what each starts, once, and need not walk through all others from each.
 */
export function workspaceReader(
  workspace: Workspace,
  { withTexts }: { readonly withTexts: boolean },
): PackageReader {
  const facts = new Map(
    workspace.manifests.map((manifest) => [manifest.directory, factsOf(manifest, withTexts)] as const),
  );
  const members = [...facts.values()].filter((each) => each.directory !== workspace.root);
  const byName = new Map(members.flatMap((each) => (each.name === null ? [] : [[each.name, each] as const])));
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
      byName.get(selector) ??
      members.find((each) => each.name !== null && basename(each.name) === selector) ??
      facts.get(resolve(directory, selector)) ??
      null,
    members: (directory) => (relative(workspace.root, directory).startsWith('..') ? [] : members),
  };
}
