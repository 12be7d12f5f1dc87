// The test command: all that must hold, in order, up to the first step that fails. Further arguments go to jest.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $, chalk } from 'zx';
import { startClock } from './lib/clock.mjs';
import { installPackages, packagesState } from './lib/packages.mjs';
import { plainEnvironment } from './lib/plain-environment.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const example = join(root, 'examples', 'workspace');
/** jest's own account of the run, also for whoever started this script. */
const resultFile = join(root, '.cache', 'jest-result.json');
const environment = plainEnvironment(process.env);
const inCI = process.env.CI !== undefined && !['', '0', 'false'].includes(process.env.CI);

const run = $({
  cwd: root,
  env: environment,
  stdio: ['ignore', 'inherit', 'inherit'],
  nothrow: true,
  quiet: true,
});
const status = (process) => process.then((output) => output.exitCode ?? 1);

const steps = [
  ['system packages', () => status(run`sh scripts/setup-system.sh`)],
  ['build', () => status(run`npm run --silent build`)],
  ['generated files are current', () => status(run`npm run --silent generate -- --check`)],
  ['types', () => status(run`npm run --silent typecheck`)],
  ['lint', () => status(run`npm run --silent lint`)],
  ['example workspace', prepareExample],
  ['tests', () => jest(process.argv.slice(2))],
];

async function prepareExample() {
  if (packagesState(example) === 'current') return 0;
  const { status: code, output } = installPackages(example, environment, { quiet: true });
  if (code !== 0) process.stderr.write(output);
  return code;
}

async function jest(args) {
  mkdirSync(dirname(resultFile), { recursive: true });
  // The tests wait for shells and programs far more than they compute: two workers for each core.
  const workers = args.some((arg) => /^(-w|--maxWorkers|-i$|--runInBand)/.test(arg))
    ? []
    : [`--maxWorkers=${Math.min(8, 2 * availableParallelism())}`];
  // Tests see the same with CI set and without it: jest learns of it by an option, they do not.
  const { CI: _, ...env } = environment;
  // On stdout jest says only where it wrote the result.
  const quietly = run({ env, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await status(
    quietly`node_modules/.bin/jest --ci --json --outputFile=${resultFile} ${workers} ${args}`,
  );
  if (code !== 0) return code;
  const { numPassedTests: passed, numPendingTests: skipped, numTodoTests: todo } = readResult();
  if (inCI && skipped + todo > 0) return fail(`${skipped + todo} tests were skipped; in CI none may be.`);
  return passed === 0 ? fail('No test ran.') : 0;
}

function readResult() {
  return JSON.parse(readFileSync(resultFile, 'utf8'));
}

function fail(sentence) {
  console.error(sentence);
  return 1;
}

function say(text) {
  // Same stream as jest and the compilers, so that lines stay in order.
  process.stderr.write(`${text}\n`);
}

rmSync(resultFile, { force: true });
const total = startClock();
for (const [name, step] of steps) {
  say(chalk.bold(`\n── ${name}`));
  const elapsed = startClock();
  const code = await step();
  say(chalk.dim(`── ${name}: ${code === 0 ? 'done' : `failed with status ${code}`} after ${elapsed()}`));
  if (code !== 0) {
    say(chalk.red(`\n✗ Stopped at "${name}" (status ${code}) after ${total()}.`));
    process.exit(code);
  }
}
const { numPassedTests, numTotalTestSuites } = readResult();
say(
  chalk.green(
    `\n✓ All ${numPassedTests} tests in ${numTotalTestSuites} ${numTotalTestSuites === 1 ? 'file' : 'files'} passed; everything took ${total()}.`,
  ),
);
