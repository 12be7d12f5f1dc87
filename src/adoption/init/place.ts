import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../config.ts';
import { defaultEnvPrefix, type Environment } from '../../env.ts';
import { findRepository, mainWorktree } from '../../repository.ts';
import { homeOf, openStateDirectory, type StateDirectory } from '../../state-directory.ts';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';

/** Where `init` was called, as far as its parts need to know. */
export interface InitRequest {
  readonly environment: Environment;
  readonly cwd: string;
  /** The directory of this package. */
  readonly root: string;
}

/** The place that is set up. */
export interface InitPlace extends InitRequest {
  /** The directory for config, ignore entry and docs: the repository's top, else the workspace's root, else `cwd`. */
  readonly top: string;
  readonly isInGit: boolean;
  /** The workspace whose root gets the script; null when there is no package.json. */
  readonly workspace: Workspace | null;
  readonly config: LoadedConfig;
  readonly envPrefix: string;
  readonly home: string;
  readonly state: StateDirectory;
}

/** Finds out where `init` stands. Reads, and opens the state directory. */
export function openPlace(request: InitRequest): InitPlace {
  const { cwd, environment } = request;
  const repository = findRepository(cwd);
  const workspace = openWorkspace(cwd);
  const config = loadConfig(cwd);
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  return {
    ...request,
    top: repository?.top ?? workspace?.root ?? cwd,
    isInGit: repository !== null,
    workspace,
    config,
    envPrefix,
    home: homeOf(environment),
    state: openStateDirectory({ environment, envPrefix, cwd, mainWorktree }),
  };
}

/** A file as people are shown it: from the place's top, from `~`, else whole. */
export function shownPath({ top, home }: Pick<InitPlace, 'top' | 'home'>, path: string): string {
  const inTop = relative(top, path);
  if (!inTop.startsWith('..') && !isAbsolute(inTop)) return inTop;
  const inHome = relative(home, path);
  return inHome.startsWith('..') || isAbsolute(inHome) ? path : `~/${inHome}`;
}

/** Our package as it is installed in a directory or above it, up to `top`; null when it is not installed there. */
export function installedAt({ top, workspace }: Pick<InitPlace, 'top' | 'workspace'>): string | null {
  const candidates = [top, ...(workspace === null ? [] : [workspace.root])];
  return (
    candidates
      .map((directory) => join(directory, 'node_modules', 'test-governor'))
      .find((directory) => existsSync(join(directory, 'package.json'))) ?? null
  );
}
