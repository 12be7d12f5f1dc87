import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'unbash';
import { classify, classifyArgv } from '../../src/policy/classify.ts';
import { mayReachRunner } from '../../src/policy/hot-words.ts';
import { launchers } from '../../src/policy/launchers/index.ts';
import { quoteWord } from '../../src/policy/quote.ts';
import { context, managedBy } from './workspace-table.ts';

const raw: readonly string[] = [
  'npx jest',
  'npx jest --ci src/a.test.ts',
  'jest',
  './node_modules/.bin/jest -t "a b"',
  'node node_modules/jest/bin/jest.js',
  'npm test',
  'npm run test:unit -- --ci',
  'pnpm exec vitest run',
  'yarn workspace @x/a jest',
  'bunx vitest',
  'python3 -m pytest -q',
  'npx turbo run test',
  'CI=1 npx vitest run',
];

/** In quotes, with its newlines as they are. */
function quoted(line: string): string {
  return `'${line.replaceAll("'", `'\\''`)}'`;
}

/** Ways to start a command line: each must be looked through. */
const wrappers: readonly ((line: string) => string)[] = [
  (line) => `sh -c ${quoted(line)}`,
  (line) => `bash -lc ${quoted(line)}`,
  (line) => `zsh -c ${quoted(line)}`,
  (line) => `timeout -k 5 60 bash -c ${quoted(line)}`,
  (line) => `nice -n 5 ionice -c3 sh -c ${quoted(line)}`,
  (line) => `env -u B A=1 sh -c ${quoted(line)}`,
  (line) => `eval ${quoted(line)}`,
  (line) => `( ${line} )`,
  (line) => `( cd . && ${line} )`,
  (line) => `{ ${line}; }`,
  (line) => `if true; then ${line}; fi`,
  (line) => `for i in 1 2; do ${line}; done`,
  (line) => `while true; do ${line}; break; done`,
  (line) => `case x in x) ${line} ;; esac`,
  (line) => `f() { ${line}; }; f`,
  (line) => `echo "$( ${line} )"`,
  (line) => `x=$( ${line} )`,
  (line) => `cat <( ${line} )`,
  (line) => `true && ${line}`,
  (line) => `${line} | tail -3`,
  (line) => `${line} > log 2>&1`,
  (line) => `{ ${line} & }`,
  (line) => `! ${line}`,
  (line) => `{ bash <<'END${line.length}'\n${line}\nEND${line.length}\n}`,
  (line) => `bash <<< ${quoted(line)}`,
  (line) => `printf '%s\\n' ${quoted(line)} | sh`,
  (line) => `echo; ${line}; echo`,
  (line) => `npx -c ${quoted(line)}`,
  (line) => `npm exec -c ${quoted(line)}`,
  (line) => `pnpm exec -c ${quoted(line)}`,
  (line) => `watch -n 5 ${quoted(line)}`,
  (line) => `script -qec ${quoted(line)} /dev/null`,
  (line) => `flock /tmp/l -c ${quoted(line)}`,
  (line) => `xargs -I% sh -c ${quoted(line)}`,
  (line) => `find . -exec sh -c ${quoted(line)} \\;`,
  (line) => `concurrently ${quoted(line)} "tsc -w"`,
  (line) => `sudo -u x sh -c ${quoted(line)}`,
  (line) => `su x -c ${quoted(line)}`,
  (line) => `hyperfine ${quoted(line)}`,
  (line) => `parallel ::: ${quoted(line)}`,
];

/** Ways to speak of a command line without starting it. */
const quotations: readonly ((line: string) => string)[] = [
  (line) => `echo ${quoted(line)}`,
  (line) => `printf '%s\\n' ${quoted(line)}`,
  (line) => `git commit -m ${quoted(line)}`,
  (line) => `grep -rn ${quoted(line)} .`,
  (line) => `gh pr create --body ${quoted(line)}`,
  (line) => `x=${quoted(line)}`,
  (line) => `export X=${quoted(line)}`,
  (line) => `alias x=${quoted(line)}`,
  (line) => `cat <<'A B C'\n${line}\nA B C`,
  (line) => `cat > run.sh <<'END OF IT'\n${line}\nEND OF IT`,
  (line) => `git commit -m "$(cat <<'END OF IT'\n${line}\nEND OF IT\n)"`,
  (line) => `ssh host ${quoted(line)}`,
  (line) => `docker run app sh -c ${quoted(line)}`,
  (line) => `test ${quoted(line)} = x`,
  (line) => `[[ x == ${quoted(line)} ]]`,
  (line) => `case x in ${quoted(line)}) true ;; esac`,
  (line) => `python3 -c ${quoted(line)}`,
  (line) => `node -e ${quoted(line)}`,
];

/** Words that shells, package managers and runners care about, in any order. */
const tokens = [
  ...launchers.keys(),
  ...[
    'jest',
    'vitest',
    'turbo',
    'pytest',
    'test',
    'run',
    'exec',
    'x',
    'dlx',
    '-c',
    '-p',
    '-y',
    '--',
    '-',
    '-n',
    '5',
  ],
  ...[
    '--filter',
    '--workspace',
    '-w',
    '-r',
    '-C',
    '--prefix',
    'packages/a',
    '-m',
    '-e',
    'A=1',
    '{}',
    '+',
    '\\;',
    ':::',
  ],
  ...[
    '"',
    "'",
    '`',
    '$(',
    ')',
    '(',
    '{',
    '}',
    ';',
    '&&',
    '||',
    '|',
    '&',
    '\n',
    ' ',
    '<<E\n',
    'E\n',
    '<<<',
    '>',
    '<(',
    '$x',
  ],
  ...[
    'if',
    'then',
    'fi',
    'for',
    'in',
    'do',
    'done',
    'case',
    'esac',
    'f()',
    'function',
    '!',
    'time',
    '[[',
    ']]',
    '((',
    '))',
  ],
];

const textLine = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom('\ud800', '\udfff', '\0', 'n', 'p', 'x', ' ', 'jest', '"', '$', '(', ')'),
    maxLength: 60,
  }),
  fc.array(fc.constantFrom(...tokens), { maxLength: 25 }).map((words) => words.join(' ')),
  fc.array(fc.constantFrom(...tokens), { maxLength: 25 }).map((words) => words.join('')),
);

const rawLine = fc.constantFrom(...raw);

describe('classify', () => {
  test('answers for every text, with a replacement for a bypass and for nothing else', () => {
    fc.assert(
      fc.property(textLine, (line) => {
        const found = classify(line, context());
        expect(found.replacement === null).toBe(found.verdict !== 'bypass');
        if (found.verdict === 'bypass' || found.verdict === 'governed')
          expect(mayReachRunner(line)).toBe(true);
      }),
      { numRuns: 8000 },
    );
  });

  test('answers for every argument vector', () => {
    const word = fc.oneof(fc.constantFrom(...tokens), fc.string({ unit: 'binary', maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (argv) => {
        const found = classifyArgv(argv, context());
        expect(found.replacement === null).toBe(found.verdict !== 'bypass');
      }),
      { numRuns: 8000 },
    );
  });

  test('sees a raw run through every way of starting it, three deep', () => {
    fc.assert(
      fc.property(rawLine, fc.array(fc.constantFrom(...wrappers), { maxLength: 3 }), (line, around) => {
        const wrapped = around.reduce((inner, wrap) => wrap(inner), line);
        expect([wrapped, classify(wrapped, context()).verdict]).toEqual([wrapped, 'bypass']);
      }),
      { numRuns: 2000 },
    );
  });

  test('sees nothing in a line that is only spoken of', () => {
    fc.assert(
      fc.property(
        rawLine,
        fc.array(fc.constantFrom(...wrappers), { maxLength: 2 }),
        fc.constantFrom(...quotations),
        (line, around, quotation) => {
          const spoken = quotation(around.reduce((inner, wrap) => wrap(inner), line));
          expect([spoken, classify(spoken, context()).verdict]).toEqual([spoken, 'none']);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('says the same of an argument vector as of the line that it is written as', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'npx jest',
          'npm test --',
          'pnpm --filter b test',
          'timeout 5 yarn vitest',
          'python -m pytest',
        ),
        fc.array(
          fc.string({ unit: 'grapheme', maxLength: 6 }).filter((word) => !word.includes('\0')),
          { maxLength: 4 },
        ),
        (command, args) => {
          const argv = [...command.split(' '), ...args];
          const ofLine = classify([command, ...args.map(quoteWord)].join(' '), context());
          const ofArgv = classifyArgv(argv, context());
          expect([ofArgv.verdict, ofArgv.replacement, ofArgv.argv]).toEqual([
            ofLine.verdict,
            ofLine.replacement,
            ofLine.argv,
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the replacement', () => {
  const managers = ['npm', 'pnpm', 'yarn', 'yarn-berry', 'bun'] as const;

  test("reads back as the user's own arguments, and is itself governed", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', maxLength: 8 }).filter((word) => !word.includes('\0')),
          { minLength: 1, maxLength: 5 },
        ),
        fc.constantFrom(...managers),
        (args, manager) => {
          const where = managedBy(manager);
          const found = classify(`npx vitest run ${args.map(quoteWord).join(' ')}`, where);
          fc.pre(found.verdict === 'bypass');
          const replacement = found.replacement ?? '';
          expect([replacement, classify(replacement, where).verdict]).toEqual([replacement, 'governed']);
          const command = parse(replacement).commands[0]?.command;
          const words =
            command?.type === 'Command'
              ? command.args.map((word) => (word.type === 'Word' ? word.value : word.text))
              : [];
          expect(words.slice(-args.length - 2)).toEqual(['--', 'run', ...args]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
