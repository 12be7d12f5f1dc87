import { describe, expect, test } from '@jest/globals';
import { shown } from './lint.ts';

const fence = (language: string, ...lines: readonly string[]) =>
  [`\`\`\`${language}`, ...lines, '```', ''].join('\n');

describe('a fence', () => {
  test.each([
    'sh',
    'bash',
    'zsh',
    'shell',
    'console',
    'shell-session',
    'BASH',
    'bash title="x"',
    '{.bash}',
    'sh,ignore',
    'powershell',
    'fish',
    '',
    'text',
  ])('labelled %j holds commands', (language) => {
    expect(shown(fence(language, 'npx jest src'))).toEqual(['2:1 npx jest src']);
  });

  test.each(['json', 'js', 'ts', 'yaml', 'diff', 'dockerfile', 'python', 'mermaid'])(
    'labelled %j holds none',
    (language) => {
      expect(shown(fence(language, 'npx jest src'))).toEqual([]);
    },
  );

  test.each([
    'npx jest',
    'npm exec jest',
    'npm exec -- jest -w 2',
    'pnpm exec jest',
    'yarn jest',
    'bunx jest',
    './node_modules/.bin/jest',
    'node node_modules/jest/bin/jest.js',
    'jest',
    'npx vitest run',
    'turbo run test',
    'pytest',
    'pytest -q tests',
    'python -m pytest',
    'python3 -m pytest -x',
    'uv run pytest',
    'npm test',
    'npm run test',
    'CI=1 npx jest',
  ])('with %j is a finding', (command) => {
    expect(shown(fence('sh', command))).toEqual([`2:1 ${command}`]);
  });

  test.each([
    'npm run test:governed -- jest',
    'jest --version',
    'turbo run build',
    'turbo run test --filter=web --concurrency=2',
    'npm install jest',
    'git commit -m "npx jest"',
    '# npx jest',
    'npm run lint',
    'cat jest.config.js',
    'echo npx jest',
  ])('with %j is none', (command) => {
    expect(shown(fence('sh', command))).toEqual([]);
  });

  test('is read as one script: directories, functions, loops and texts for others count', () => {
    const text = fence(
      'sh',
      'cd packages/web',
      'npm test',
      't() { npx jest "$@"; }',
      't a',
      'cat <<X',
      'npx jest',
      'X',
    );
    expect(shown(text)).toEqual(['3:1 npm test', '4:7 npx jest "$@"']);
  });

  test('with a line that is no shell is read line by line', () => {
    expect(shown(fence('sh', 'npx jest', "what's this ) (", 'npx vitest run'))).toEqual([
      '2:1 npx jest',
      '4:1 npx vitest run',
    ]);
  });

  test('has commands with placeholders', () => {
    expect(shown(fence('sh', 'npx jest <path to a file> -t <name>'))).toEqual([
      '2:1 npx jest <path to a file> -t <name>',
    ]);
  });

  test('has several commands on one line, and one on several', () => {
    expect(shown(fence('sh', 'npm ci && npx jest a | tail; npx vitest run', 'npx jest \\', '  src'))).toEqual(
      ['2:11 npx jest a', '2:30 npx vitest run', '3:1 npx jest \\\nsrc'],
    );
  });
});

describe('prompts', () => {
  test.each([
    ['$ ', 4],
    ['% ', 4],
    ['user@host:~/x$ ', 4],
    ['[me@box dir]$ ', 4],
    ['(venv) $ ', 4],
    ['~/project $ ', 4],
    ['❯ ', 4],
    ['➜  app git:(main) ✗ ', 4],
    ['PS C:\\code> ', 4],
    ['C:\\code> ', 4],
    ['> ', 4],
    ['# ', 4],
  ])('such as %j are no part of the command, and what stands without one is output', (prompt) => {
    const text = fence('console', `${prompt}ls`, 'output', `${prompt}npx jest`, 'npx jest', 'pytest');
    expect(shown(text)).toEqual([`4:${prompt.length + 1} npx jest`]);
  });

  test.each([
    ['with > before its lines', ['$ cat > a.js <<EOF', '> npx jest a', '> EOF']],
    ['without', ['$ cat > a.js <<-EOF', 'npx jest a', '\tEOF']],
  ])('a here-document %s is over at its closing line: the next command is judged', (_, lines) => {
    expect(shown(fence('console', ...lines, '$ npx jest b'))).toEqual(['5:3 npx jest b']);
  });

  test('go on with > while the shell asks for more', () => {
    const text = fence(
      'console',
      '$ npm ci && \\',
      '> npx jest',
      '$ for a in b; do',
      '>   npx vitest run $a',
      '> done',
      '> npx jest',
    );
    expect(shown(text)).toEqual(['3:3 npx jest', '5:5 npx vitest run $a']);
  });

  test('are told from what npm, pnpm and Yarn print', () => {
    expect(shown(fence('console', '$ npm run lint', '', '> web@1.0.0 test', '> jest --ci'))).toEqual([]);
    expect(shown(fence('', '> web@1.0.0 test', '> jest --ci'))).toEqual([]);
    expect(shown(fence('', '$ yarn lint', 'yarn run v1.22.22', '$ jest --ci'))).toEqual([]);
  });

  test('in a block of a shell do not hide the commands that lack them', () => {
    expect(shown(fence('bash', '$ npm ci', 'npx jest', 'jest is done'))).toEqual(['3:1 npx jest']);
    expect(shown(fence('bash', '$ ls', '# npx jest'))).toEqual([]);
  });
});

describe('a block that does not say what it is', () => {
  test.each([
    ['output', ['FAIL src/jest.test.js', 'jest: 3 failed', 'Test Suites: 1 failed']],
    ['a tree', ['├── jest', '│   └── jest.config.js', 'jest/', '  jest.setup.ts']],
    ['a list of names', ['jest', 'vitest', 'pytest']],
    [
      'prose',
      ['jest runs the tests in parallel.', 'pytest is a runner', 'npm test runs what is in the package'],
    ],
    ['keys and values', ['run: npx jest', '"test": "jest"', '- npx jest', 'test = jest']],
  ])('may hold %s, which is no finding', (_, lines) => {
    expect(shown(fence('', ...lines))).toEqual([]);
  });

  test('may hold commands among other things', () => {
    const lines = ['First:', 'cd packages/web', 'npm test', 'jest', 'PASS a', '  npx jest \\', '    --ci'];
    expect(shown(fence('', ...lines))).toEqual(['4:1 npm test', '5:1 jest', '7:3 npx jest \\\n--ci']);
  });

  test('is a command when it is nothing but the name of a runner', () => {
    expect(shown(fence('', 'jest'))).toEqual(['2:1 jest']);
  });

  test('may be indented instead of fenced', () => {
    expect(shown('Text:\n\n    npx jest\n\tnpx vitest run\n')).toEqual([
      '3:5 npx jest',
      '4:2 npx vitest run',
    ]);
  });
});

describe('places', () => {
  test.each([
    ['a list', '1. one\n\n   ```sh\n   npx jest\n   ```\n', '4:4'],
    ['a list with tabs', '-\t```sh\n\tnpx jest\n\t```\n', '2:2'],
    ['a quote', '> > ```sh\n> > npx jest\n> > ```\n', '2:5'],
    ['a quote in a list', '- > ```sh\n  >   npx jest\n  > ```\n', '2:7'],
    ['an indented fence', '  ```sh\n  npx jest\n  ```\n', '2:3'],
    ['a long fence', '````sh\n```\nnpx jest\n````\n', '3:1'],
    ['tildes', '~~~sh\nnpx jest\n~~~\n', '2:1'],
    ['CRLF', 'a\r\n\r\n```sh\r\nnpx jest\r\n```\r\n', '4:1'],
    ['lines that end with CR', 'a\r\r```sh\rnpx jest\r```\r', '4:1'],
    ['letters beyond ASCII', 'ünï 測試\n\n- ```sh\n  npx jest\n  ```\n', '4:3'],
    ['front matter', '---\ntitle: npx jest\nrun: "`npx jest`"\n---\n\n```sh\nnpx jest\n```\n', '7:1'],
    ['a list without blank lines', '* a\n* b\n  ```sh\n  npx jest\n  ```\n* c\n', '4:3'],
  ])('are right in %s', (_, text, place) => {
    expect(shown(text)).toEqual([`${place} npx jest`]);
  });
});

describe('hard input', () => {
  test('an unclosed fence is a finding of its own when it swallows a runner', () => {
    expect(shown('```sh\nnpx jest\n\njest is a runner for the tests\n')).toEqual([
      '1:1 unclosed-fence',
      '2:1 npx jest',
    ]);
    expect(shown('```sh\nls\n')).toEqual([]);
    expect(shown('```json\n{ "a": "npx jest" }\n')).toEqual(['1:1 unclosed-fence']);
    expect(shown('- ```sh\n  npx jest\n\nend\n')).toEqual(['1:1 unclosed-fence', '2:3 npx jest']);
  });

  test.each([
    [
      'a line of five megabytes',
      `\`\`\`sh\nnpx jest ${'a '.repeat(2_500_000)}\nnpx jest b\n\`\`\`\n`,
      '3:1 npx jest b',
    ],
    [
      'a block of 20,000 lines',
      fence('sh', ...Array<string>(20_000).fill('ls -la'), 'npx jest'),
      '20002:1 npx jest',
    ],
    ['100,000 quote marks', `${'>'.repeat(100_000)}\n\n\`npx jest a\`\n`, '3:1 npx jest a'],
    [
      '100,000 backticks',
      `${'`'.repeat(100_000)} a ${'`x'.repeat(50_000)}\n\nRun \`npx jest a\`\n`,
      '3:5 npx jest a',
    ],
    ['a NUL', '\u0000`npx jest a`\n', '1:2 npx jest a'],
  ])('%s takes no time to speak of', (_, text, expected) => {
    const before = performance.now();
    expect(shown(text)).toContain(expected);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('an apostrophe that nothing closes', () => {
  const log = Array.from({ length: 8000 }, (_, index) => `${index} info: built module npm of the shop`);

  test.each(['sh', 'console', ''])('does not make a long fence labelled %j slow', (language) => {
    const begun = performance.now();
    expect(shown(fence(language, "$ echo it isn't", ...log))).toEqual([]);
    expect(shown(fence(language, "npm run deploy isn't", ...log))).toEqual([]);
    // Lines that close the quote and open another one.
    const quoting = log.map((line) => `${line} 'cart' of`);
    expect(shown(fence(language, "npm run deploy isn't", ...quoting))).toEqual([]);
    // What nothing closes at all.
    expect(shown(fence(language, '$ for name in cart shop; do', ...quoting))).toEqual([]);
    // By far less than the minute that looking at every line again took; a busy machine is allowed for.
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
