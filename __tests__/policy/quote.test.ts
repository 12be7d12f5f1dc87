import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeForTerminal } from '../../src/escape.ts';
import { quoteWord } from '../../src/policy/quote.ts';

/** What a shell makes of words: prints each, ended by a NUL byte. */
function wordsIn(program: string, args: readonly string[], script: string): readonly string[] {
  const output = execFileSync(program, [...args], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return output.split('\0').slice(0, -1);
}

const awkward: readonly string[] = [
  '',
  ' ',
  "'",
  '"',
  '\\',
  '$',
  '`',
  '!',
  '!!',
  "it's",
  "it's!",
  "a!'b",
  "it's $HOME",
  "it's `id`",
  "it's \\n",
  `"a" 'b'`,
  'a"b',
  'a\\b',
  'a b',
  '$HOME',
  '$(id)',
  '`id`',
  '~',
  '~/x',
  'a~b',
  '=ls',
  'a=b',
  '-=x',
  '*',
  '?',
  '[a]',
  '{a,b}',
  '{}',
  '{',
  '}',
  'a{}b',
  '#x',
  'x#y',
  '^x',
  'HEAD^',
  'HEAD~1',
  'a;b',
  'a|b',
  'a&b',
  '(a)',
  '<a>',
  'a\nb',
  'a\tb',
  '\n',
  '\r\n',
  "a\n'b'",
  '\u0001\u001b[31m',
  '\u007f',
  '\u0085',
  '\u2028',
  'é ü',
  'ünï.test.ts',
  '日本語',
  '👍🏽',
  '%s',
  '%1',
  '@scope/pkg',
  'C:\\x',
  'C:!',
  'a,b',
  '+x',
  '--testNamePattern=a b',
  '-t',
  '\\\n',
  "$'x'",
  '"$x"',
  ':',
  '.',
  '/',
];

const shells: readonly (readonly [name: string, program: string, args: readonly string[], before: string])[] =
  [
    ['bash', 'bash', ['--norc'], ''],
    [
      'bash at a prompt, with history expansion',
      'bash',
      ['--norc', '--noprofile', '-i'],
      'PS1= PS2=\nset -o history -H\n',
    ],
    ['bash with extended globs', 'bash', ['--norc', '-O', 'extglob', '-O', 'failglob'], ''],
    ['zsh', 'zsh', ['-f'], ''],
    [
      'zsh with extended globs',
      'zsh',
      ['-f', '-o', 'extendedglob', '-o', 'interactivecomments', '-o', 'magicequalsubst'],
      '',
    ],
    ['zsh with brace classes', 'zsh', ['-f', '-o', 'braceccl'], ''],
  ];

describe('quoteWord', () => {
  test.each([
    'src/a.test.ts',
    '--ci',
    '-t',
    '--maxWorkers=2',
    '@scope/pkg',
    'a:b,c',
    '50%',
    'ünï.ts',
    '{}',
    '-I{}',
  ])('leaves %s as it is', (word) => {
    expect(quoteWord(word)).toBe(word);
  });

  test.each([
    ['a b', "'a b'"],
    ['', "''"],
    ['*.ts', "'*.ts'"],
    ['$HOME', "'$HOME'"],
    ["it's", `"it's"`],
    ['=ls', "'=ls'"],
    ['~/x', "'~/x'"],
    ['a\nb', "$'a\\nb'"],
    ['\u001b[31m', "$'\\x1b[31m'"],
  ])('writes %j as %s', (word, quoted) => {
    expect(quoteWord(word)).toBe(quoted);
  });

  test.each(shells)('means the same word in %s', (_name, program, args, before) => {
    const random = fc.sample(fc.string({ unit: 'grapheme', maxLength: 12 }), { numRuns: 400, seed: 7 });
    const soup = fc.sample(
      fc.string({ unit: fc.constantFrom(...`'"\\$\`!{}[]()*?~#^=<>|&; \n\tab`), maxLength: 10 }),
      {
        numRuns: 400,
        seed: 8,
      },
    );
    const words = [...awkward, ...random, ...soup].filter((word) => !word.includes('\0'));
    const lines = words.map((word) => `printf '%s\\0' ${quoteWord(word)}`);
    expect(wordsIn(program, args, `${before}${lines.join('\n')}\n`)).toEqual(words);
  });
});

test('a word that is quoted can be shown on a terminal as it stands', () => {
  const units = Array.from({ length: 0xd800 - 1 }, (_, index) => String.fromCharCode(index + 1));
  const others = Array.from({ length: 0x10000 - 0xe000 }, (_, index) => String.fromCharCode(0xe000 + index));
  const changed = [...units, ...others].map(quoteWord).filter((word) => escapeForTerminal(word) !== word);
  expect(changed).toEqual([]);
});
