import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openWorkspace } from '../../src/adoption/workspace/workspace.ts';
import { makeFiles } from './lab.ts';

const member = { name: 'member', scripts: { test: 'jest' } };

function found(files: Readonly<Record<string, unknown>>, from = '.') {
  const root = makeFiles(files);
  const workspace = openWorkspace(join(root, from));
  if (workspace === null) return null;
  return {
    isTop: workspace.root === root,
    layout: workspace.layout,
    files: workspace.manifests.map(({ shown }) => shown),
    problems: workspace.problems.map(({ file, line, column, kind }) => `${file}:${line}:${column} ${kind}`),
  };
}

describe('the packages of a workspace', () => {
  test.each([
    ['npm, yarn and bun', 'workspaces', { 'package.json': { workspaces: ['packages/*', './apps/web/'] } }],
    [
      'Yarn 1 with an object',
      'workspaces',
      { 'package.json': { workspaces: { packages: ['packages/*', 'apps/*'] } } },
    ],
    [
      'pnpm, whose own file comes first',
      'pnpm',
      {
        'package.json': { workspaces: ['elsewhere/*'] },
        'pnpm-workspace.yaml': "packages:\n  - 'packages/*' # ours\n  - apps/**\n  - '!**/skipped/**'\n",
      },
    ],
    ['lerna', 'lerna', { 'package.json': {}, 'lerna.json': { packages: ['packages/*', 'apps/*'] } }],
    ['lerna without a list', 'lerna', { 'package.json': {}, 'lerna.json': {}, 'apps/web/package.json': '' }],
    ['nx without workspaces', 'nx', { 'package.json': {}, 'nx.json': {} }],
    [
      'nx with a layout of its own',
      'nx',
      { 'package.json': {}, 'nx.json': { workspaceLayout: { appsDir: 'apps', libsDir: 'packages' } } },
    ],
  ])('are found in the layout of %s', (_what, layout, files) => {
    const isLernaAlone = 'apps/web/package.json' in files;
    const result = found({
      'packages/a/package.json': member,
      'packages/b/package.json': member,
      'packages/none/readme.md': '',
      'packages/a/node_modules/x/package.json': member,
      ...(isLernaAlone ? {} : { 'apps/web/package.json': member }),
      ...files,
      ...(isLernaAlone ? { 'apps/web/package.json': member } : {}),
    });
    expect(result).toEqual({
      isTop: true,
      layout,
      files: [
        'package.json',
        ...(isLernaAlone ? [] : ['apps/web/package.json']),
        'packages/a/package.json',
        'packages/b/package.json',
      ],
      problems: [],
    });
  });

  test('leave out what a pattern excludes', () => {
    const result = found({
      'package.json': { workspaces: ['packages/**', '!packages/skipped'] },
      'packages/a/deep/package.json': member,
      'packages/skipped/package.json': member,
    });
    expect(result?.files).toEqual(['package.json', 'packages/a/deep/package.json']);
  });

  test('are the same ones seen from a member', () => {
    const files = { 'package.json': { workspaces: ['packages/*'] }, 'packages/a/package.json': member };
    expect(found(files, 'packages/a')).toMatchObject({
      isTop: true,
      files: ['package.json', 'packages/a/package.json'],
    });
  });

  test('are one package where nothing declares more', () => {
    expect(found({ 'package.json': member, 'src/index.js': '' }, 'src')).toEqual({
      isTop: true,
      layout: 'single',
      files: ['package.json'],
      problems: [],
    });
  });

  test('are none where there is no package.json up to the repository’s top', () => {
    expect(found({ '.git/HEAD': 'ref: refs/heads/main\n' })).toBeNull();
  });
});

describe('a workspace that says something wrong', () => {
  test.each([
    [
      'a glob that matches nothing',
      { 'package.json': '{\n  "workspaces": ["packages/*", "nothing/*"]\n}' },
      'package.json:2:32 no-match',
    ],
    [
      'a glob of pnpm that matches nothing',
      { 'package.json': {}, 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - gone\n' },
      'pnpm-workspace.yaml:3:5 no-match',
    ],
    [
      'patterns that are no list',
      { 'package.json': '{\n  "workspaces": "packages/*"\n}' },
      'package.json:2:17 not-a-list',
    ],
    [
      'a pattern that is no text',
      { 'package.json': '{\n  "workspaces": ["packages/*", 5]\n}' },
      'package.json:2:32 not-a-list',
    ],
    [
      'patterns of pnpm that are no list',
      { 'package.json': {}, 'pnpm-workspace.yaml': 'packages: packages/*\n' },
      'pnpm-workspace.yaml:1:11 not-a-list',
    ],
    [
      'a pnpm-workspace.yaml that is no YAML',
      { 'package.json': {}, 'pnpm-workspace.yaml': 'packages:\n  - "packages/*\n' },
      'pnpm-workspace.yaml:3:1 syntax',
    ],
    [
      'a lerna.json that is no JSON',
      { 'package.json': {}, 'lerna.json': '{ "packages": }' },
      'lerna.json:1:15 syntax',
    ],
    [
      'a package in another format',
      {
        'package.json': {},
        'pnpm-workspace.yaml': 'packages: [packages/*]\n',
        'packages/y/package.yaml': 'name: y\n',
      },
      'packages/y/package.yaml:1:1 other-format',
    ],
  ])('is told so, with file and line: %s', (_what, files, problem) => {
    const result = found({ 'packages/a/package.json': member, ...files });
    expect(result?.problems).toEqual([problem]);
  });
});
