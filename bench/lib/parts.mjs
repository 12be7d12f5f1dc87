// The parts of a benchmark, each a module with a title and a run that gives whether each of its bars is met.
import { columns, heading } from './report.mjs';

/**
 * Runs the parts that the command line names, all without one, and sets the exit status: 0 when every bar is met, 1 when
 * one is missed, 64 for a name that is none.
 * @param {readonly string[]} names in the order in which they run.
 * @param {(name: string) => Promise<{title: string, run: () => Promise<boolean[]>}>} load
 */
export async function runParts(names, load) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`No such part: ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
    process.exitCode = 64;
    return;
  }
  columns();
  const met = [];
  for (const name of wanted.length > 0 ? wanted : names) {
    const { title, run } = await load(name);
    heading(title);
    met.push(...(await run()));
  }
  const missed = met.filter((bar) => !bar).length;
  console.log(`\n${met.length - missed} of ${met.length} bars met.`);
  process.exitCode = missed === 0 ? 0 : 1;
}
