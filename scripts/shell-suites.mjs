// The shells' own test suites (GNU bash's tests/, zsh's Test/), run plain and guarded; prints what ends differently.
//
//   node scripts/shell-suites.mjs [bash|zsh…] [--only NAME,…] [--quick] [--cache DIR]
//
// The sources are Debian's, fetched by apt into the cache (.cache/shell-suites) the first time. Exit status: 0 when
// every difference is one that docs/shell-suites.md names, 1 otherwise, 64 for bad usage.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { $, chalk } from 'zx';
import { startClock } from './lib/clock.mjs';
import { bashSuite } from './shell-suites/bash.mjs';
import { compareSuite, writeDifference } from './shell-suites/compare.mjs';
import { modes } from './shell-suites/modes.mjs';
import { sourceOf } from './shell-suites/sources.mjs';
import { zshSuite } from './shell-suites/zsh.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const suites = { bash: bashSuite, zsh: zshSuite };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    cache: { type: 'string', default: join(root, '.cache', 'shell-suites') },
  },
});
const unknown = positionals.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(64);
}
const cache = resolve(values.cache);
const wanted = positionals.length > 0 ? positionals : Object.keys(suites);
const only = values.only?.split(',');

let unexplained = 0;
for (const shell of wanted) unexplained += await runSuite(shell);
process.exit(unexplained === 0 ? 0 : 1);

async function runSuite(shell) {
  const clock = startClock();
  const suite = suites[shell](await sourceOf(shell, cache), join(cache, 'work', shell));
  const files = suite.files.filter((name) =>
    only ? only.includes(name) : !(values.quick && suite.isSlow(name)),
  );
  const results = await compareSuite(suite, files, { root, cache }, (name) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${shell}: ${name}`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  console.log(chalk.bold(`${shell}: ${results.length} files of its own suite, ${clock()}`));
  let open = 0;
  for (const mode of modes.slice(1)) {
    const differing = results.filter((result) => result.differing[mode] !== undefined);
    console.log(
      `  ${mode.padEnd(10)}  ${results.length - differing.length} as plain, ${differing.length} differ`,
    );
    for (const result of differing) {
      const known = explained(shell, mode, result.name);
      if (!known) open += 1;
      const files = writeDifference(join(cache, 'differences', shell), result, mode);
      console.log(
        `    ${result.name}${known ? ' (docs/shell-suites.md says why)' : chalk.red(' NOT EXPLAINED')}`,
      );
      await showDifference(files);
    }
  }
  return open;
}

/** True when docs/shell-suites.md has a table row for the file in this mode. */
function explained(shell, mode, name) {
  const page = readFileSync(join(root, 'docs', 'shell-suites.md'), 'utf8');
  return page.split('\n').some((line) => line.startsWith(`| ${shell} | \`${name}\` | ${mode} |`));
}

async function showDifference({ plain, guarded }) {
  const { stdout } = await $({ quiet: true, nothrow: true })`diff ${plain} ${guarded}`;
  const lines = stdout.split('\n').slice(0, 12);
  console.log(lines.map((line) => `      ${line}`).join('\n'));
}
