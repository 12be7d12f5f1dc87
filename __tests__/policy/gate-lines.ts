// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are shell text
import fc from 'fast-check';
import { calmBeginnings } from '../../src/policy/calm.ts';

/** The scripts of the package in which the generated lines are run. */
export const scripts: Readonly<Record<string, string>> = {
  build: 'tsc -p tsconfig.build.json && node scripts/copy.mjs',
  test: 'jest --ci',
  pretest: 'npm run build',
  'test:unit': 'vitest run',
  'test:py': 'python -m pytest -q',
  lint: 'eslint . --max-warnings 0',
  prelint: 'echo "before"',
  postlint: 'echo done',
  check: 'echo checked',
  postcheck: 'npx jest --ci',
  all: 'run-s build test',
  nested: 'yarn run all',
  wrapped: 'cross-env NODE_ENV=test jest',
  shell: "sh -c 'npm t'",
  turbo: 'turbo run test',
  safe: 'test-governor run jest',
  'test:governed': 'test-governor run',
  start: 'node server.js',
  clean: 'rm -rf dist coverage',
  'jest:config': 'echo configuring',
  tool: 'node',
};

const one = fc.constantFrom;
const scriptName = one(...Object.keys(scripts), 'absent', 'jest', 'tsc', './scripts/x.ts');
const runner = one(
  'jest',
  'vitest',
  'turbo run test',
  'turbo test --filter=a',
  'pytest',
  'py.test',
  'jest-cli',
  'turbo run build',
);
const runnerArguments = one(
  '',
  ' --ci',
  ' run',
  ' --version',
  ' src/a.test.ts',
  ' -t "a b"',
  " --config 'x y'",
  ' "$FILE"',
  ' -- -x',
);

const packageRunner = one(
  ...[
    'npx',
    'npx -y',
    'npx --no-install',
    'npx -p jest-cli',
    'npm exec',
    'npm exec --',
    'npm x --',
    'npm --silent exec --',
  ],
  ...[
    'pnpm exec',
    'pnpm dlx',
    'pnpm',
    'pnpm -r exec',
    'pnpm --filter a exec',
    'pnpm -C . exec',
    'pnpx',
    'yarn',
    'yarn exec',
  ],
  ...[
    'yarn dlx',
    'yarn run',
    'yarn workspace a',
    'yarn node',
    'bunx',
    'bunx --bun',
    'bun x',
    'bun',
    'bun run',
    'corepack pnpm exec',
  ],
  ...[
    'node node_modules/.bin/npx',
    'uv run',
    'uvx',
    'poetry run',
    'python -m',
    'python3 -X dev -m',
    'npm exec -w a --',
  ],
);
const scriptStarter = one(
  ...[
    'npm run',
    'npm run -s',
    'npm --silent run',
    'npm run-script',
    'npm rum',
    'npm run --if-present',
    'npm --prefix . run',
  ],
  ...[
    'npm run -w a',
    'npm -C . run',
    'pnpm',
    'pnpm run',
    'pnpm -s run',
    'pnpm -r run',
    'pnpm --filter . run',
    'pnpm -C . ',
  ],
  ...[
    'yarn',
    'yarn run',
    'yarn -s',
    'yarn --cwd . ',
    'yarn workspaces run',
    'yarnpkg run',
    'bun',
    'bun run',
    'bun --silent run',
  ],
  ...[
    'run-s',
    'run-p',
    'npm-run-all',
    'npm-run-all2 --parallel',
    'lerna run',
    'nx run a:',
    'nx run-many -t',
    'node --run',
  ],
  ...[
    'corepack yarn@4 run',
    'corepack pnpm',
    '/usr/bin/npm run',
    './node_modules/.bin/run-s',
    'npx run-s',
    'npx nx run-many -t',
  ],
  ...[
    'node /usr/lib/node_modules/npm/bin/npm-cli.js run',
    'node .yarn/releases/yarn-4.5.0.cjs',
    'npx npm@10 run',
    'npx -y pnpm@9 run',
    'pn',
    'pn run',
    'start-test',
    'server-test',
    'start-server-and-test',
  ],
);
const fixed = one(
  ...[
    'npm test',
    'npm t',
    'npm tst',
    'npm it',
    'npm cit',
    'npm start',
    'npm',
    'npm -v',
    'npm run',
    'pnpm test',
    'pnpm t',
    'pnpm it',
  ],
  ...[
    'yarn test',
    'yarn',
    'bun test',
    'node --run=test',
    'npm test -- --ci',
    'npm run build -- --watch',
    'npm run tool -- x.js',
  ],
  ...[
    'pnpm recursive run test',
    'test-governor run jest -- a',
    'safe-test-runner -q',
    './bin/test-governor run turbo',
    'npm\ttest',
  ],
  ...[
    './node_modules/.bin/jest',
    '/a/b/node_modules/.bin/vitest run',
    'node ./node_modules/jest/bin/jest.js --ci',
    'node --run test',
  ],
  ...[
    'node --max-old-space-size=99 node_modules/vitest/vitest.mjs run',
    'node -r ./a.js node_modules/.bin/jest',
    'npm_config_prefix=x npm run lint',
  ],
  ...[
    'npx -c "jest --ci"',
    "npx -c 'npm test'",
    'npm exec -c "vitest run"',
    'concurrently "npm:test:*" "tsc -w"',
    'conc npm:test',
    'concurrently node:test',
    'conc bun:test:unit',
  ],
  ...[
    'npm run "test"',
    "npm run 'lint'",
    'npm run te\\st',
    "pnpm 'test'",
    'n\\pm test',
    '\\npm test',
    "'npm' test",
    '"yarn" test',
    '$npm test',
  ],
  ...[
    'A=npm; $A test',
    'X=jest; npx $X',
    'set -- npm test; "$@"',
    'CI=1 npm run lint',
    'CI=1 npm test',
    'A="b c" npm run lint',
    '=npx jest',
  ],
);
const core = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(packageRunner, runner, runnerArguments).map(([a, b, c]) => `${a} ${b}${c}`),
  },
  { weight: 2, arbitrary: fc.tuple(runner, runnerArguments).map(([a, b]) => `${a}${b}`) },
  { weight: 4, arbitrary: fc.tuple(scriptStarter, scriptName).map(([a, b]) => `${a} ${b}`) },
  { weight: 3, arbitrary: fixed },
);

const words = one(
  ...[
    'jest',
    'vitest',
    'npm test',
    'package.json',
    '-n',
    '"fix jest"',
    "'run npm test'",
    '--run',
    'a.txt',
    '2>/dev/null',
    '>out',
    '$HOME',
  ],
  ...[
    '"$(npx jest)"',
    '`npm t`',
    'größe',
    '日本語',
    '“npm test”',
    'npm…test',
    '<(npm test)',
    '"a; npm test"',
    "'a | jest'",
    'yarn.lock',
    '\\;',
  ],
  ...[
    '"${x:-$(npm test)}"',
    '${ npm test; }',
    '${|npm test; }',
    '"a & b"',
    '# jest',
    '{npm,test}',
    '*.test.ts',
    'ubuntu',
    'bundle',
    '=npm',
    "don't",
    "'",
    '"',
    "\\'",
    '\\"',
    "$'it\\'s'",
    '"${x:-"}"',
    '"${x:-\'}"',
    '"a (b) c"',
    "'$(npm test)'",
    '$[',
    '<<EOF',
    '"$x(npm test)"',
    '!npm',
  ],
);
const calm = fc
  .tuple(one(...calmBeginnings), fc.array(words, { maxLength: 3 }))
  .map(([beginning, rest]) => [beginning, ...rest].join(' '));

const prefix = one(
  ...[
    'env A=1',
    'env -i',
    'command',
    'exec',
    'time',
    '!',
    'timeout 5',
    'timeout -s KILL 5m',
    'nice -n 5',
    'ionice -c3',
    'nohup',
  ],
  ...[
    'stdbuf -oL',
    'setsid',
    'xargs',
    'xargs -n1',
    'sudo',
    'sudo -u x',
    'cross-env A=1',
    'dotenv --',
    'builtin',
    'flock /tmp/l',
  ],
  ...[
    'noglob',
    'nocorrect',
    'with-guard',
    'A=1 B="c d"',
    'npx cross-env A=1',
    'chronic',
    'doas',
    'c8',
    'npx nyc',
    '>out',
    '2>&1',
    '</dev/null',
  ],
);
const textStarter = one(
  ...[
    'sh -c',
    'bash -lc',
    'bash -c',
    'dash -c',
    'zsh -c',
    'eval',
    'watch',
    'script -qc',
    'npx -c',
    'npm exec -c',
    'concurrently',
    'env -S',
  ],
  ...[
    'xargs -I{} sh -c',
    'su - x -c',
    'cross-env-shell',
    'flock /tmp/l -c',
    'bun exec',
    'npx concurrently',
    'parallel :::',
  ],
);

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
function double(text: string): string {
  return `"${text.replaceAll(/[\\"$`]/g, '\\$&')}"`;
}
const quote = one(single, double, (text: string) => `$'${text.replaceAll(/[\\']/g, '\\$&')}'`);

/** Spells one word otherwise, as shells allow. */
const respell = fc
  .tuple(
    fc.nat(),
    one(
      (word: string) => word,
      (word: string) => `'${word}'`,
      (word: string) => `"${word}"`,
      (word: string) => `\\${word}`,
      (word: string) => `${word.slice(0, 1)}''${word.slice(1)}`,
      (word: string) => `"${word.slice(0, 2)}"${word.slice(2)}`,
      (word: string) => `$'${word}'`,
      (word: string) => `${word.slice(0, 1)}\\\n${word.slice(1)}`,
      (word: string) => `${word}\\\n`,
    ),
  )
  .map(([index, change]) => (line: string) => {
    const parts = line.split(' ');
    const at = index % parts.length;
    return parts
      .map((part, here) => (here === at && /^[\w./-]+$/.test(part) ? change(part) : part))
      .join(' ');
  });

const simple = fc.oneof(
  { weight: 4, arbitrary: core },
  { weight: 2, arbitrary: calm },
  { weight: 2, arbitrary: fc.tuple(prefix, core).map(([a, b]) => `${a} ${b}`) },
  { weight: 1, arbitrary: fc.tuple(prefix, prefix, core).map(([a, b, c]) => `${a} ${b} ${c}`) },
  { weight: 2, arbitrary: fc.tuple(textStarter, quote, core).map(([a, b, c]) => `${a} ${b(c)}`) },
  { weight: 2, arbitrary: fc.tuple(respell, core).map(([change, line]) => change(line)) },
);

const separator = one(
  '; ',
  ' && ',
  ' || ',
  ' | ',
  ' & ',
  '\n',
  ' |& ',
  ';',
  '&&',
  '|',
  '\n\n',
  ';\n',
  ' &\n',
  '&|',
  ' &! ',
);
const joined = fc
  .array(fc.tuple(separator, simple), { maxLength: 3 })
  .chain((rest) => simple.map((first) => first + rest.map(([a, b]) => a + b).join('')));

const wrap = one(
  (line: string) => line,
  (line: string) => line,
  (line: string) => `(${line})`,
  (line: string) => `{ ${line}; }`,
  (line: string) => `if ${line}; then echo yes; fi`,
  (line: string) => `if true; then\n  ${line}\nfi`,
  (line: string) => `for i in 1 2; do ${line}; done`,
  (line: string) => `while ${line}; do break; done`,
  (line: string) => `case x in x) ${line};; esac`,
  (line: string) => `f() { ${line}; }; f`,
  (line: string) => `git() { ${line}; }; git status`,
  (line: string) => `function grep { ${line}; }\ngrep x`,
  (line: string) => `echo "$(${line})"`,
  (line: string) => `x=$(${line})`,
  (line: string) => `echo \`${line}\``,
  (line: string) => `cat <(${line})`,
  (line: string) => `bash <<'EOF'\n${line}\nEOF`,
  (line: string) => `cat <<EOF\n${line}\nEOF`,
  (line: string) => `cat <<'EOF' | sh\n${line}\nEOF`,
  (line: string) => `sh <<< ${single(line)}`,
  (line: string) => `echo ${single(line)} | bash`,
  (line: string) => `${line} # npm test`,
  (line: string) => `# ${line}`,
  (line: string) => `echo x # ${line}`,
  (line: string) => `ls # don't\n${line} # can't`,
  (line: string) => `cat <<EOF\ndon't\nEOF\n${line} # it's`,
  (line: string) => `echo "${'${x:-'}"}" ; ${line} "`,
  (line: string) => `ls "${line}"`,
  (line: string) => `ls ''${line}''`,
  (line: string) => `  ${line}  `,
  (line: string) => `\t${line}`,
  (line: string) => `cd sub && ${line} 2>&1 | tail -5`,
  (line: string) => `${line} > out.txt 2>&1 &`,
  (line: string) => `echo ${'x '.repeat(30)}; ${line}`,
  (line: string) => `${'true; '.repeat(20)}${line}`,
  (line: string) => `echo ${'ubuntu bundle '.repeat(150)}; ${line}`,
  (line: string) => `git commit -m '${'bundle '.repeat(280)}${'x'.repeat(line.length % 50)}' && ${line}`,
  (line: string) => `git commit -m ${single(line)}`,
  (line: string) => `git commit -m ${double(line)}`,
  (line: string) => `find . -name "*.ts" -exec ${line} {} \\;`,
  (line: string) => `trap ${single(line)} EXIT`,
  (line: string) => `alias t=${single(line)}`,
  (line: string) => `source /dev/stdin <<< ${single(line)}`,
  (line: string) => `[ -f x ] && ${line}`,
  (line: string) => `[[ -f x ]] || ${line}`,
  (line: string) => `time ${line}`,
  (line: string) => `coproc ${line}`,
  (line: string) => `select x in 1; do ${line}; done`,
  (line: string) => `(( x )) && ${line}`,
  (line: string) => `export A=1 && ${line}`,
  (line: string) => `echo größe 日本語 && ${line}`,
);

/** Command lines of every kind: with runners, without, quoted, wrapped, nested. */
export const commandLine = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(wrap, joined).map(([around, line]) => around(line)) },
  { weight: 1, arbitrary: fc.tuple(wrap, wrap, joined).map(([outer, inner, line]) => outer(inner(line))) },
  { weight: 2, arbitrary: simple },
  // Fragments of all this, torn and glued together without regard to any grammar.
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.oneof(
          core,
          words,
          prefix,
          separator,
          one(...calmBeginnings),
          one(' ', '', "'", '"', '(', ')', '{', '}', '\\', '$', '`'),
        ),
        {
          minLength: 2,
          maxLength: 6,
        },
      )
      .map((parts) => parts.join(' ')),
  },
);
