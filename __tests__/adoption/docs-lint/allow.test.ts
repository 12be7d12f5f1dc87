import { describe, expect, test } from '@jest/globals';
import { lint, shown } from './lint.ts';

const allow = (runner = 'jest', reason = ' reason="shown on purpose"') =>
  `<!-- docs-lint: allow-raw-${runner}${reason} -->`;
const block = '```sh\nnpx jest\n```';

describe('an allow comment', () => {
  test.each([
    ['a fence', block],
    ['a fence right below', block],
    ['an indented block', '    npx jest'],
    ['a paragraph', 'Run `npx jest`, then `npx jest a`.'],
    ['a heading', '# `npx jest`'],
    ['a list', '- `npx jest`\n- b\n\n  ```sh\n  npx jest\n  ```'],
    ['a table', '| a |\n| - |\n| `npx jest` |'],
    ['a quote', '> Run `npx jest`'],
  ])('silences %s', (_, text) => {
    expect(shown(`${allow()}\n\n${text}\n`)).toEqual([]);
  });

  test('needs no blank line after it', () => {
    expect(shown(`${allow()}\n${block}\n`)).toEqual([]);
  });

  test('silences the next block only', () => {
    expect(shown(`${allow()}\n\n${block}\n\n${block}\n`)).toEqual(['8:1 npx jest']);
    expect(shown(`${block}\n\n${allow()}\n\n${block}\n`)).toEqual(['2:1 npx jest']);
  });

  test('speaks of one runner; two can stand together', () => {
    const both = '```sh\nnpx jest\nnpx vitest run\n```\n';
    expect(shown(`${allow()}\n${both}`)).toEqual(['4:1 npx vitest run']);
    expect(shown(`${allow()}\n\n<!-- note -->\n${allow('vitest')}\n${both}`)).toEqual([]);
  });

  test('may be quoted in other ways, and stand in a list or a quote', () => {
    expect(shown(`<!--docs-lint: allow-raw-jest\n  reason='two lines'-->\n${block}\n`)).toEqual([]);
    expect(
      shown('- a\n\n  <!-- docs-lint: allow-raw-jest reason="x" -->\n  ```sh\n  npx jest\n  ```\n'),
    ).toEqual([]);
    expect(shown('> <!-- docs-lint: allow-raw-jest reason="x" -->\n> Run `npx jest`\n')).toEqual([]);
  });

  test.each(['', ' reason=""', ' reason="  "'])(
    'without a reason (%j) silences nothing and is a finding',
    (reason) => {
      expect(shown(`${allow('jest', reason)}\n\n${block}\n`)).toEqual([
        '1:1 allow-without-reason',
        '4:1 npx jest',
      ]);
    },
  );

  test.each([
    ['a block without a raw run', `${allow()}\n\nnothing\n`],
    ['a block with a run of another runner', `${allow('pytest')}\n\nnothing\n`],
    ['the end of the file', `${allow()}\n`],
    ['the end of a list item', '- a\n\n  <!-- docs-lint: allow-raw-jest reason="x" -->\n- b\n'],
    ['a governed command', `${allow()}\n\n\`\`\`sh\nnpm run test:governed -- jest\n\`\`\`\n`],
  ])('before %s is reported', (_, text) => {
    expect(shown(text).map((finding) => finding.replace(/^\S+ /, ''))).toEqual(['unused-allow']);
  });

  test.each([
    '<!-- docs-lint: allow-raw-mocha reason="x" -->',
    '<!-- docs-lint: allow-raw-jest because="x" -->',
    '<!-- docs-lint: allow everything -->',
  ])('%s is not understood', (comment) => {
    expect(shown(`${comment}\n\ntext\n`)).toEqual(['1:1 invalid-allow']);
  });

  test('inside a paragraph silences nothing', () => {
    expect(shown(`text ${allow()} \`npx jest a\`\n`)).toEqual([
      '1:6 invalid-allow',
      expect.stringContaining('npx jest a'),
    ]);
  });

  test('shown as code is no comment', () => {
    expect(shown(`Write \`${allow()}\`.\n\n\`\`\`html\n${allow()}\n\`\`\`\n`)).toEqual([]);
  });

  test('says in its finding how to write it', () => {
    expect(lint(`${allow('jest', '')}\n`)[0]?.message).toContain('allow-raw-jest reason="');
  });

  test('inside a paragraph of MDX silences nothing, and is reported', () => {
    const comment = '{/* docs-lint: allow-raw-jest reason="x" */}';
    expect(shown(`${comment}\nRun \`npx jest a\`.\n`, 'mdx')).toEqual([
      '1:1 invalid-allow',
      '2:5 npx jest a',
    ]);
    expect(shown(`Write \`${comment}\`.\n`, 'mdx')).toEqual([]);
  });

  test('has braces in MDX, where nothing is indented code and tags swallow no fence', () => {
    const text = `{/* docs-lint: allow-raw-jest reason="x" */}\n\n${block}\n\n<Tabs>\n${block}\n</Tabs>\n\n    npx jest\n`;
    expect(shown(text, 'mdx')).toEqual(['9:1 npx jest']);
  });
});
