// npm run bench:adoption [-- name…]: what it costs to look over a repository, and that migrated scripts do what they did.
// Exit status 1 when a bar is missed.
import { columns, heading } from './lib/report.mjs';

const names = ['audit', 'migrate', 'docs-lint', 'calibrate'];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(64);
}

columns();
const met = [];
for (const name of wanted.length > 0 ? wanted : names) {
  const { title, run } = await import(`./adoption/${name}.mjs`);
  heading(title);
  met.push(...(await run()));
}
const missed = met.filter((bar) => !bar).length;
console.log(`\n${met.length - missed} of ${met.length} bars met.`);
process.exitCode = missed === 0 ? 0 : 1;
