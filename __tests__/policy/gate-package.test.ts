import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPackageReader } from '../../src/packages.ts';
import { classify } from '../../src/policy/classify.ts';
import { gateShells, quoted, runGate, withDirectory } from './gate-shells.ts';

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const one = fc.constantFrom;

const trial = `#@fragment suspect@
trial() {
  cd "$1" || exit
  if @p@_guard_is_suspect "$2"; then echo suspect; else echo calm; fi
}`;

const plainTexts = [
  'tsc -p .',
  'node server.js',
  'echo "built"',
  "rm -rf 'dist'",
  'eslint . --fix',
  'ubuntu bundle',
];
const oddTexts = [
  ...[
    'vite build && node a.mjs',
    'echo { } [ ]',
    '',
    'echo "scripts": {',
    'printf "%s\\n" x',
    'a\tb',
    'echo \\"x\\"',
    '},',
    '{',
    '"',
    'größe 日本語',
    'x",',
  ],
];
const starting = [
  'jest',
  'npx jest --ci',
  'npm run deep',
  'yarn deep',
  "sh -c 'vitest run'",
  'python -m pytest',
  'echo "a" && pnpm deep',
  'run-s deep',
];
const plainNames = ['test', 'build', 'deep', 'pretest', 'posttest', 'prebuild', 'postbuild'];
const oddNames = ['start', 'a:b', 'scripts', 'größe', 'we"ird', 'back\\slash', 'lint'];

/** Objects and lists around the scripts, some with a "scripts" of their own. */
const other: fc.Arbitrary<unknown> = one<unknown>(
  ...[1, true, null, 'text', 'a {', '}', '},', '"scripts": {', 'x\\', 'q"q', 'über'],
  ...[
    [],
    {},
    ['dist'],
    ['a', 'b', { scripts: { test: 'jest' } }],
    { scripts: { test: 'tsc', build: 'jest' } },
  ],
  ...[
    { a: { scripts: { test: 'tsc', build: 'tsc' } } },
    { a: { b: 1, scripts: { test: 'tsc', deep: 'tsc' }, c: 2 } },
    [{ scripts: { test: 'a', build: 'b' } }],
  ],
  ...[
    { scripts: { test: 'tsc', build: 'tsc', deep: 'tsc' } },
    { a: 1, b: { c: { scripts: { test: 'a', build: 'b', deep: 'c' } } } },
    { '*.{js,ts}': ['eslint --fix'] },
    [[1, 2], ['x']],
    { type: 'git', url: 'u' },
    [{ a: 1 }, { b: 2 }],
  ],
);
function scriptsOf(names: readonly string[], texts: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const text = fc.oneof({ weight: 3, arbitrary: one(...texts) }, { weight: 2, arbitrary: one(...starting) });
  const entries = fc.array(fc.tuple(one(...names), text), { minLength: 3, maxLength: 9 });
  return entries.map((list) => Object.fromEntries(list));
}
const scripts = fc.oneof(
  { weight: 2, arbitrary: scriptsOf(plainNames, plainTexts) },
  { weight: 1, arbitrary: scriptsOf([...plainNames, ...oddNames], [...plainTexts, ...oddTexts]) },
);
const manifest = fc
  .tuple(
    fc.array(
      fc.tuple(one('name', 'version', 'files', 'config', 'scripts2', 'lint-staged', 'x{', '"q'), other),
      { maxLength: 3 },
    ),
    fc.oneof({ weight: 9, arbitrary: scripts }, { weight: 1, arbitrary: other }),
    fc.array(fc.tuple(one('dependencies', 'jest', 'workspaces2'), other), { maxLength: 2 }),
  )
  .map(([before, own, after]) => ({
    ...Object.fromEntries(before),
    scripts: own,
    ...Object.fromEntries(after),
  }));

/** The same JSON with other blanks between its tokens. */
const respaced = (value: unknown, blanks: readonly string[]) => {
  const tokens = JSON.stringify(value).match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^[\]{}:,"]+/g) ?? [];
  return tokens.map((token, index) => token + (blanks[index % blanks.length] ?? '')).join('');
};
/** One letter of what starts a runner, or of a script's name, as an escape: `jest` becomes `\u006aest`. */
const escaped = (text: string, at: number) =>
  text.replaceAll(at % 2 === 0 ? /jest|npm|yarn|vitest|pytest|run-s/g : /test"|build"|deep"/g, (word) => {
    const index = at % (word.length - 1);
    const code = word.charCodeAt(index).toString(16).padStart(4, '0');
    return `${word.slice(0, index)}\\u${code}${word.slice(index + 1)}`;
  });
/** Some lines joined with the next one. */
const unbroken = (text: string, picks: readonly number[], glue: string) => {
  const lines = text.split('\n');
  const joins = new Set(picks.map((pick) => pick % lines.length));
  return lines
    .map((line, index) => (joins.has(index - 1) ? glue + line.trimStart() : `\n${line}`))
    .join('')
    .slice(1);
};
const layout = fc.oneof(
  { weight: 6, arbitrary: one<(value: unknown) => string>((value) => `${JSON.stringify(value, null, 2)}\n`) },
  {
    weight: 4,
    arbitrary: one<(value: unknown) => string>(
      (value) => JSON.stringify(value),
      (value) => JSON.stringify(value, null, '\t'),
      (value) => `${JSON.stringify(value, null, 4)}`,
      (value) => `${JSON.stringify(value, null, 2)}\n`.replaceAll('\n', '\r\n'),
      (value) => `\uFEFF${JSON.stringify(value, null, 2)}\n`,
      (value) => `// comment\n${JSON.stringify(value, null, 2)}\n`,
      (value) => `\n\n${JSON.stringify(value, null, 2)}`,
      (value) => JSON.stringify(value, null, 2).replaceAll(/\[\s+/g, '[').replaceAll(/\s+\]/g, ']'),
      (value) => JSON.stringify(value, null, 2).replaceAll('": ', '" : '),
      (value) => JSON.stringify(value, null, 2).replaceAll(/\n\s*\}/g, '}'),
      (value) => JSON.stringify(value, null, 2).replaceAll(/\{\n\s*/g, '{ '),
      (value) => JSON.stringify(value, null, 2).replaceAll(/,\n\s*/g, ', '),
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(one('', ' ', '\n', '\n  ', '\t'), { minLength: 3, maxLength: 23 })
      .map((blanks) => (value: unknown) => respaced(value, blanks)),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), one('', ' ')).map(
      ([picks, glue]) =>
        (value: unknown) =>
          unbroken(JSON.stringify(value, null, 2), picks, glue),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat().map((at) => (value: unknown) => escaped(JSON.stringify(value, null, 2), at)),
  },
  // The last of two members of one name counts.
  {
    weight: 1,
    arbitrary: one<(value: unknown) => string>((value) =>
      JSON.stringify(value, null, 2).replace(
        '"scripts": {',
        '"scripts": {\n    "test": "tsc",\n    "build": "tsc",',
      ),
    ),
  },
);

const command = fc
  .tuple(
    one(
      'npm run',
      'npm run -s',
      'pnpm',
      'pnpm run',
      'yarn',
      'yarn run',
      'bun run',
      'bun',
      'CI=1 npm run',
      'npm --silent run',
      'npm_config_x=1 npm run',
    ),
    one('test', 'build', 'test', 'build', 'deep', 'start', 'a:b', 'scripts', 'absent', 'lint'),
    one('', '', '', ' -- --watch', ' --if-present', ' -- jest', ' x y', ' --', ' -w a'),
  )
  .map(([start, name, rest]) => `${start} ${name}${rest}`);
const lines = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: command },
    { weight: 1, arbitrary: one('npm test', 'npm t', 'yarn test', 'npm start', 'pnpm t') },
  ),
  {
    minLength: 6,
    maxLength: 6,
  },
);

describe(`the look into package.json (TEST_SEED=${seed})`, () => {
  test('passes over nothing that leads to a runner, whatever the file looks like', () => {
    withDirectory((root) => {
      const cases = fc
        .sample(fc.noBias(fc.tuple(manifest, layout, lines)), { numRuns: 500, seed })
        .flatMap(([value, write, commands], index) => {
          const directory = join(root, String(index), 'sub');
          mkdirSync(directory, { recursive: true });
          writeFileSync(join(root, String(index), 'package.json'), write(value));
          return commands.map((line, at) => ({
            directory: at % 2 === 0 ? directory : join(root, String(index)),
            line,
            text: write(value),
          }));
        });
      const packages = createPackageReader();
      const verdicts = cases.map(
        ({ directory, line }) =>
          classify(line, {
            cwd: directory,
            packages,
            repository: { packageManager: 'npm', governedScriptAt: null },
            envPrefix: 'BASESHOP',
          }).verdict,
      );
      const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
      expect(count('bypass')).toBeGreaterThan(cases.length / 20);
      expect(count('none')).toBeGreaterThan(cases.length / 5);
      for (const shell of gateShells) {
        const printed = runGate(
          shell,
          trial,
          cases.map(({ directory, line }) => `trial ${quoted(directory)} ${quoted(line)}`),
          root,
        );
        expect(printed).toHaveLength(cases.length);
        const missed = cases.filter(
          (_case, index) =>
            (verdicts[index] === 'bypass' || verdicts[index] === 'governed') && printed[index] !== 'suspect',
        );
        expect({ shell: shell.name, missed }).toEqual({ shell: shell.name, missed: [] });
        expect(printed.filter((answer) => answer === 'calm').length).toBeGreaterThan(cases.length / 40);
      }
    });
  });

  const plain = {
    name: '@scope/package',
    version: '1.0.0',
    private: true,
    files: ['dist', 'README.md'],
    repository: { type: 'git', url: 'git+https://example.org/a.git' },
    contributors: [{ name: 'a', email: 'b' }, { name: 'c' }],
    exports: { '.': { import: './dist/index.js', types: './dist/index.d.ts' } },
    scripts: {
      build: 'tsc -p tsconfig.json && node scripts/copy.mjs "dist/{a,b}"',
      prebuild: 'rm -rf dist',
      start: 'node server.js',
      lint: "eslint 'src/**/*.ts'",
      test: 'jest',
      check: 'echo checked',
      postcheck: 'npm test',
    },
    devDependencies: { jest: '30', '@jest/globals': '30' },
  };
  const calmLines = [
    ...[
      'npm run build',
      'npm run -s build',
      'npm start',
      'npm run lint',
      'npm run build -- --watch',
      'CI=1 npm run build',
      'npm run',
      'npm run absent',
    ],
    ...[
      'pnpm build',
      'pnpm run build',
      'pnpm build --watch',
      'pnpm tsc -b',
      'yarn build',
      'yarn run build',
      'yarn tsc',
      'yarn eslint src',
      'bun run build',
    ],
    ...[
      'bun src/index.ts',
      'yarn',
      'npm',
      'npm exec tsc',
      'npm exec -- eslint .',
      'pnpm exec tsc',
      'pnpm dlx create-vite',
      'yarn dlx create-vite',
      'npm -s run lint',
    ],
  ];
  const suspectLines = [
    ...[
      'npm test',
      'npm t',
      'npm run test',
      'npm run check',
      'pnpm test',
      'pnpm check',
      'yarn test',
      'bun run check',
      'npm run build -- npm',
      'npm run build -w a',
    ],
    ...[
      'npm run build --prefix a',
      'npm -w a run build',
      'pnpm -r build',
      'pnpm --filter a build',
      'yarn workspace a build',
      'npm run "build"',
      'npm run $x',
    ],
    ...[
      'npm run test:governed -- jest',
      'npm cit',
      'npm it',
      'yarn --cwd a build',
      'npm_config_prefix=a npm run build',
      'npm run build; npm test',
    ],
  ];
  test.each(gateShells)('$name tells the scripts of an ordinary package.json apart', (shell) => {
    withDirectory((root) => {
      const deep = join(root, 'real/a/b');
      mkdirSync(deep, { recursive: true });
      writeFileSync(join(root, 'real/package.json'), `${JSON.stringify(plain, null, 2)}\n`);
      writeFileSync(join(root, 'package.json'), '{\n  "scripts": {\n    "build": "jest"\n  }\n}\n');
      symlinkSync(deep, join(root, 'link'));
      for (const directory of [join(root, 'real'), deep, join(root, 'link')]) {
        const calls = [...calmLines, ...suspectLines].map(
          (line) => `trial ${quoted(directory)} ${quoted(line)}`,
        );
        const printed = runGate(shell, trial, calls, root);
        const answers = Object.fromEntries(
          [...calmLines, ...suspectLines].map((line, index) => [line, printed[index]]),
        );
        const expected = [
          ...calmLines.map((line) => [line, 'calm']),
          ...suspectLines.map((line) => [line, 'suspect']),
        ];
        expect(answers).toEqual(Object.fromEntries(expected));
      }
    });
  });

  test.each(gateShells)('$name asks where there is no package.json, or none that it can read', (shell) => {
    withDirectory((root) => {
      mkdirSync(join(root, 'none'));
      mkdirSync(join(root, 'directory/package.json'), { recursive: true });
      mkdirSync(join(root, 'empty'));
      writeFileSync(join(root, 'empty/package.json'), '');
      mkdirSync(join(root, 'broken'));
      writeFileSync(join(root, 'broken/package.json'), '{\n  "scripts": {\n    "build": "tsc"');
      const calls = ['none', 'directory', 'empty', 'broken'].map(
        (name) => `trial ${quoted(join(root, name))} 'npm run build'`,
      );
      expect(runGate(shell, trial, calls, root)).toEqual(['suspect', 'suspect', 'suspect', 'suspect']);
    });
  });

  /** Each starts jest by `npm test` in a way that a reader of lines could overlook. */
  const traps = [
    '{\n  "scripts": {\n    "te\\u0073t": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "test": "\\u006aest"\n  }\n}\n',
    '{\n  "scripts": {\n    "test": "je\\u0073t"\n  }\n}\n',
    '{\n  "scripts": {\n    "build": "tsc", "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "build": "", "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "build": "x\\\\", "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "test": "tsc",\n    "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "test":\n      "jest"\n  }\n}\n',
    '{\n  "scripts": { "test": "jest" }\n}\n',
    '{\n  "scripts":\n  {\n    "test": "jest"\n  }\n}\n',
    '{ "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{"scripts":{"test":"jest"}}',
    '{\r\n  "scripts": {\r\n    "test": "jest"\r\n  }\r\n}\r\n',
    '\uFEFF{\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": { "scripts": {\n    "test": "tsc"\n  } },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": { "b": {\n  },\n  "scripts": {\n    "test": "tsc"\n  } },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": { "b": 1, "c": 2,\n  "scripts": {\n    "test": "tsc"\n  } },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": [{\n  "scripts": {\n    "test": "tsc"\n  }\n  }],\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": "x", "o": {\n  "scripts": {\n    "test": "tsc"\n  }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": {\n    "scripts": {\n      "test": "tsc"\n    }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "scripts2": {\n    "test": "tsc"\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "pretest": "jest",\n    "test": "tsc"\n  }\n}\n',
    '{\n  "scripts": {\n    "test": "tsc",\n    "posttest": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "test": "node -e \\"1\\" && jest"\n  }\n}\n',
    '{\n  "scripts": {\n\t"test"\t:\t"jest"\n  }\n}\n',
    '{\n  "a": {\n    "l": [ "]"\n    ],\n    "scripts": {\n      "test": "tsc"\n    }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": {\n    "l": { "b": "}"\n    },\n    "scripts": {\n      "test": "tsc"\n    }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": {\n    "l": { "b": "x }"\n    },\n    "scripts": {\n      "test": "tsc"\n    }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": {"": {\n  },\n  "scripts": {\n    "test": "tsc"\n  }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "a": {\n    "l": ["",\n    "x"],\n    "m": [ "]",\n    "x" ],\n    "scripts": {\n      "test": "tsc"\n    }\n  },\n  "scripts": {\n    "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "build": "echo \\"a\\"",\n    "test": "\\"jest\\""\n  }\n}\n',
    '{\n  "scripts": {\n    "": "x", "test": "jest"\n  }\n}\n',
    '{\n  "scripts": {\n    "build": "x"\n    , "test": "jest"\n  }\n}\n',
  ];
  test.each(gateShells)(
    '$name overlooks none of the ways to write a script that starts a runner',
    (shell) => {
      withDirectory((root) => {
        const directories = traps.map((text, index) => {
          mkdirSync(join(root, String(index)));
          writeFileSync(join(root, String(index), 'package.json'), text);
          return join(root, String(index));
        });
        const context = {
          repository: { packageManager: 'npm', governedScriptAt: null },
          envPrefix: 'BASESHOP',
        } as const;
        const verdicts = directories.map(
          (cwd) => classify('npm test', { ...context, cwd, packages: createPackageReader() }).verdict,
        );
        expect(verdicts).toEqual(traps.map(() => 'bypass'));
        const calls = directories.map((directory) => `trial ${quoted(directory)} 'npm test'`);
        const printed = runGate(shell, trial, calls, root);
        expect(traps.filter((_text, index) => printed[index] !== 'suspect')).toEqual([]);
      });
    },
  );
});
