import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { governedScript } from '../policy/script-launchers.ts';
import type { Runner } from '../policy/verdict.ts';
import type { AuditedScript } from './audit.ts';
import { rootManifest, type Workspace } from './workspace/workspace.ts';

/** The root's script for the tests of what was changed. */
const affectedScript = 'test:affected';

/** The two scripts that every governed repository has at its root. */
export interface RootScripts {
  readonly added: readonly { readonly name: string; readonly value: string }[];
  /** Why `test:affected` cannot be added by itself; null when it can, or is there. */
  readonly missing: string | null;
}

function isUsed(workspace: Workspace, name: string): boolean {
  return workspace.manifests.some(({ dependencies }) => dependencies.has(name));
}

/** True when the root's own scripts start the runner, or the root has it among its dependencies. */
function isAtRoot(workspace: Workspace, scripts: readonly AuditedScript[], runner: Runner): boolean {
  const root = rootManifest(workspace);
  if (root?.dependencies.has(runner) === true) return true;
  // pnpm links nothing at the root that the root does not depend on.
  if (workspace.layout === 'pnpm') return false;
  return scripts.some(
    ({ manifest, judged }) => manifest === root && judged.runs.some((run) => run.runner === runner),
  );
}

/**
 * The command for the tests of what was changed, with a scope and a cap on what runs at once, by what the workspace uses:
 * a task runner that knows the packages first, else the test runner at the root. Null when it uses none of them.
 */
function affectedCommand(workspace: Workspace, scripts: readonly AuditedScript[]): string | null {
  const has = (file: string) => existsSync(join(workspace.root, file));
  const isTurboStarted = scripts.some(({ judged }) => judged.runs.some((run) => run.runner === 'turbo'));
  if (has('turbo.json') || has('turbo.jsonc') || isTurboStarted || isUsed(workspace, 'turbo')) {
    return 'turbo run test --affected --concurrency=2';
  }
  if (has('nx.json') && isUsed(workspace, 'nx')) return 'nx affected -t test --parallel=2';
  if (has('lerna.json') && isUsed(workspace, 'lerna')) return 'lerna run test --since --concurrency 2';
  if (isAtRoot(workspace, scripts, 'jest'))
    return 'test-governor run changed -- --onlyChanged --maxWorkers=2';
  if (isAtRoot(workspace, scripts, 'vitest')) {
    return 'test-governor run changed -- run --changed --maxWorkers=2';
  }
  // https://pnpm.io/filtering: what changed since the branch left the remote's, and what depends on it; each package takes its turn.
  if (workspace.layout === 'pnpm') {
    return 'pnpm --filter "...[origin/HEAD]" --workspace-concurrency=2 run test';
  }
  return null;
}

/** The scripts that the root lacks. One that is there stays as it is. */
export function missingRootScripts(workspace: Workspace, scripts: readonly AuditedScript[]): RootScripts {
  const root = rootManifest(workspace);
  if (root === null) return { added: [], missing: null };
  const names = new Set(root.scripts.map(({ name }) => name));
  const added = names.has(governedScript) ? [] : [{ name: governedScript, value: 'test-governor run' }];
  if (names.has(affectedScript)) return { added, missing: null };
  const command = affectedCommand(workspace, scripts);
  if (command !== null) return { added: [...added, { name: affectedScript, value: command }], missing: null };
  return {
    added,
    missing: `the root has no turbo, nx, lerna, jest or vitest to say what was changed: add a script "${affectedScript}" by hand`,
  };
}
