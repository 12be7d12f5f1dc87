// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the shell's.
import { describe, expect, test } from '@jest/globals';
import { classify, classifyArgv } from '../../src/policy/classify.ts';
import { quoteWord } from '../../src/policy/quote.ts';
import { context, tableReader } from './workspace-table.ts';

/** Microseconds of the processor that an answer may take; the clock would also count what else the machine does. */
const longest = 1_000_000;

function answersInTime(run: () => { readonly verdict: string }): string {
  const start = process.cpuUsage();
  const { verdict } = run();
  const { user, system } = process.cpuUsage(start);
  expect(user + system).toBeLessThan(longest);
  return verdict;
}

const mega = 1 << 20;

function filled(piece: string, length: number): string {
  return piece.repeat(Math.floor(length / piece.length));
}

describe('huge text', () => {
  const pieces = [
    'a',
    ' ',
    'a ',
    '\n',
    'echo hi; ',
    'npx jest; ',
    'x | ',
    '"',
    "'",
    '`',
    '$',
    '$x',
    '*',
    '?',
    '\\',
    '<',
    '<<A ',
    '<<A\n',
    ';',
    '(',
    ')',
    '{ ',
    'f() ',
    'coproc ',
    'cd a; ',
    '\0',
    '\ud800',
    'é',
  ];

  test.each(pieces.map((piece) => [JSON.stringify(piece), piece]))(
    '1 MB of %s around a raw run',
    (_name, piece) => {
      const much = filled(piece, mega);
      for (const line of [`npx jest ${much}`, `${much} npx jest`, `${much}npm test${much}`]) {
        answersInTime(() => classify(line, context()));
      }
    },
  );

  test.each(pieces.map((piece) => [JSON.stringify(piece), piece]))(
    '128 KiB of %s around a raw run',
    (_name, piece) => {
      const much = filled(piece, 131_000);
      for (const line of [`npx jest ${much}`, `${much} npx jest`])
        answersInTime(() => classify(line, context()));
    },
  );

  test('1 MB heredoc of data is no raw run, nor is it slow', () => {
    const line = `cat > notes.md <<'EOF'\n${filled('run npx jest before you push\n', mega)}EOF\n`;
    expect(answersInTime(() => classify(line, context()))).toBe('none');
  });

  test('a raw run behind a heredoc of 100 KiB is still seen', () => {
    const line = `cat > notes.md <<'EOF'\n${filled('some text (and more)\n', 100_000)}EOF\nnpx jest\n`;
    expect(answersInTime(() => classify(line, context()))).toBe('bypass');
  });

  test('an argument vector of 100,000 words', () => {
    const argv = ['npx', 'jest', ...Array.from({ length: 100_000 }, (_, index) => `src/${index}.test.ts`)];
    expect(answersInTime(() => classifyArgv(argv, context()))).toBe('bypass');
  });
});

describe('deep text', () => {
  const nests: readonly (readonly [open: string, close: string])[] = [
    ['(', ')'],
    ['( ', ' )'],
    ['$(', ')'],
    ['echo $(', ')'],
    ['"$(', ')"'],
    ['<(', ')'],
    ['{ ', '; }'],
    ['${a:-', '}'],
    ['"${a:-', '}"'],
    ['$((', '))'],
    ['((', '))'],
    ['[[ ( a', ' ) ]]'],
    ['if true; then ', '; fi'],
    ['while true; do ', '; done'],
    ['for x in a; do ', '; done'],
    ['case x in a) ', ' ;; esac'],
    ['f() { ', '; }'],
    ['f() ', ''],
    ['function f ', ''],
    ['coproc ', ''],
    ['! ', ''],
    ['time ', ''],
    ['`', '`'],
    ['echo `echo \\', '\\``'],
    ['"', '"'],
    ["'", "'"],
    ['@(', ')'],
    ['{a,', '}'],
    ['a=(', ')'],
    ['a[', ']'],
    ['cat <<E\n$(', ')\nE\n'],
    ['env ', ''],
    ['timeout 5 ', ''],
    ['npx ', ''],
    ['eval ', ''],
    ['sh -c "', '"'],
    ['npm exec -- ', ''],
  ];

  test.each(nests)('10,000 times %j … %j', (open, close) => {
    for (const depth of [10_000, 1000, 255]) {
      answersInTime(() => classify(`${open.repeat(depth)}npx jest${close.repeat(depth)}`, context()));
    }
  });

  test('wrappers that a person could type are looked through', () => {
    expect(classify(`${'env '.repeat(20)}npx jest`, context()).verdict).toBe('bypass');
    expect(classify(`${'( '.repeat(200)}npx jest${' )'.repeat(200)}`, context()).verdict).toBe('bypass');
  });

  test('texts inside texts, each as deep as the parser goes', () => {
    let line = 'npx jest';
    for (let level = 0; level < 6; level += 1)
      line = `v=${quoteWord(`${'( '.repeat(250)}${line}${' )'.repeat(250)}`)}; eval "$v"`;
    answersInTime(() => classify(line, context()));
  });

  test('functions that call each other twice, twenty levels', () => {
    const functions = Array.from({ length: 40 }, (_, index) => `f${index + 1}() { f${index}; f${index}; }`);
    answersInTime(() => classify(`f0() { npx eslint jest; }; ${functions.join('; ')}; f40`, context()));
  });

  test('scripts that start each other twice, forty levels', () => {
    const scripts: Record<string, string> = { s0: 'eslint jest' };
    for (let index = 1; index < 40; index += 1)
      scripts[`s${index}`] = `npm run s${index - 1} && npm run s${index - 1}`;
    const packages = tableReader([['/r', 'root', scripts]]);
    answersInTime(() => classify('npm run s39', context({ packages })));
  });

  test('every member of a workspace of a thousand packages', () => {
    const members = Array.from(
      { length: 1000 },
      (_, index) => [`/r/p/${index}`, `p${index}`, { test: 'jest --ci' }] as const,
    );
    const packages = tableReader([['/r', 'root', {}], ...members]);
    expect(answersInTime(() => classify('pnpm -r test', context({ packages })))).toBe('bypass');
  });
});

describe('odd characters', () => {
  test.each([
    ['npx jest \0', 'bypass'],
    ['npx\0jest', 'none'],
    ['\0npx jest', 'none'],
    ['npx jest \ud800', 'bypass'],
    ['npx jest "\udfff"', 'bypass'],
    ['\ufeffnpx jest', 'none'],
    ['npx jest \u0001\u001b[31m', 'bypass'],
    ['npx\u00a0jest', 'none'],
    ['npx jest é 日本 👍🏽', 'bypass'],
    // A shell takes the carriage return for a part of the word.
    ['npx jest\r\n', 'none'],
    ['npx jest --ci\r\nls', 'bypass'],
    ['npx jest \uE0000\uE001', 'bypass'],
    ['npm test -- \uE0000\uE001', 'bypass'],
    ['npx __proto__ jest', 'none'],
    ['npm run __proto__', 'none'],
    ['npm run constructor', 'none'],
    ['npm run toString', 'none'],
    ['constructor jest', 'none'],
    ['f=__proto__; $f jest', 'none'],
    ['pnpm run "/(a+)+$/"', 'none'],
    ['pnpm run "/(/"', 'none'],
  ])('%j is %s', (line, verdict) => {
    expect(answersInTime(() => classify(line, context()))).toBe(verdict);
  });

  test('control characters of the user do not stand raw in the replacement', () => {
    const { replacement } = classify('npx jest $\'\\x1b[31m\' "\u0007" \u202ex', context());
    expect(replacement).toBe("npm run test:governed -- jest -- $'\\x1b[31m' $'\\x07' $'\\xe2\\x80\\xaex'");
  });

  test('argument vectors without a command, or with an empty one', () => {
    expect(classifyArgv([], context()).verdict).toBe('none');
    expect(classifyArgv([''], context()).verdict).toBe('none');
    expect(classifyArgv(['', 'jest'], context()).verdict).toBe('none');
  });
});
