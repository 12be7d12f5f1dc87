import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'unbash';
import { parsePlainLine } from '../../src/policy/plain-line.ts';

/** A tree as plain data, with what unbash computes only when it is asked. */
function plainData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainData);
  if (typeof value !== 'object' || value === null) return value;
  const entries: Record<string, unknown> = { ...value };
  if ('type' in value) {
    if ('value' in value) entries.value = value.value;
    if ('parts' in value) entries.parts = value.parts;
    if (value.type === 'Command' && 'args' in value && 'redirects' in value) {
      entries.args = value.args;
      entries.redirects = value.redirects;
    }
  }
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([key, entry]) => entry !== undefined && !key.startsWith('_') && key !== 'source')
      .map(([key, entry]) => [key, plainData(entry)]),
  );
}

test.each([
  'npx jest',
  'npx jest src/a.test.ts --coverage=false -t "adds two"',
  'cd packages/app && npx jest 2>&1 | tail -20',
  'git commit -m "fix jest" && npx prettier --check src',
  'echo \'a b\'c"d" ; npm test\n',
  'npm test >out.txt 2>/dev/null || cat < out.txt',
  'pnpm --filter @scope/app test;',
  '  npx   jest\t-u  ',
])('%j is read as unbash reads it', (line) => {
  const script = parsePlainLine(line);
  expect(script).not.toBeNull();
  expect(plainData(script)).toEqual(plainData(parse(line)));
});

test.each([
  ' ',
  'A=1 npx jest',
  'export A=1',
  'npx jest $FILES',
  'npx jest "$FILES"',
  'npx jest `ls`',
  'npx jest *.test.ts',
  'npx jest ~/a',
  'npx jest &',
  'npx jest # all',
  'npx jest \\\n -u',
  'npx jest\nnpx vitest',
  'if true; then npx jest; fi',
  'time npx jest',
  'for x in a; do npx jest; done',
  '(npx jest)',
  '{ npx jest; }',
  '! npx jest',
  'npx jest &&',
  '| npx jest',
  'npx jest && ; ls',
  'case a in esac',
  'npx jest <<A\nA',
  'npx jest <<< a',
  'npx jest <(ls)',
  'npx jest &>out',
  'npx jest >|out',
  'npx jest > ',
  '>out npx jest',
  'echo "a',
  "echo 'a",
  'a;;b',
  'npx jest |& tee out',
  'f() { npx jest; }',
  "echo $'a'",
])('%j is left to unbash', (line) => {
  expect(parsePlainLine(line)).toBeNull();
});

const word = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'npx',
      'jest',
      'npm',
      'test',
      '-t',
      '--coverage=false',
      'a/b',
      '@x/y',
      '2',
      '%1',
      'if',
      'in',
      'A=1',
      'b+=c',
      ':',
      '.',
      '-',
      '=',
      ',',
      '+',
      '[',
      ']',
      '{',
      '}',
      '!',
      '#x',
      '~',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "'a b'",
      '"a b"',
      "''",
      '""',
      "a'b'c",
      '"a;|&>"',
      '"!"',
      '"#"',
      "'$x'",
      '"\'"',
      '"é"',
      "'\u{1F600}'",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom(...'abAB019_./:,@%+=-\'"$`\\!#*?[]{}()<>|&;~^\n\t '),
      maxLength: 6,
    }),
  },
);
const between = fc.constantFrom(
  ' ',
  '  ',
  '\t',
  ' && ',
  '&&',
  ' || ',
  '|',
  ' | ',
  ';',
  ' ; ',
  ' 2>&1 ',
  ' >',
  '>>',
  '2>',
  ' <',
  '',
  '\n',
  ' & ',
  '1',
  '9>&',
  ' >&',
  ' > ',
);
const line = fc
  .array(fc.tuple(word, between), { minLength: 1, maxLength: 8 })
  .map((pairs) => pairs.flat().join(''));

test('every generated line that it reads at all, it reads as unbash does', () => {
  let read = 0;
  fc.assert(
    fc.property(line, (text) => {
      const script = parsePlainLine(text);
      if (script === null) return;
      read += 1;
      expect(plainData(script)).toEqual(plainData(parse(text)));
    }),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(1_000);
});
