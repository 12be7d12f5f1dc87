// `npm run quickstart`, on a machine with Node and npm and nothing else: node builtins only here, because nothing is
// installed yet. Installs, builds, generates, prepares the example workspace; then the demonstration in quickstart/.
import { spawnSync } from 'node:child_process';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startClock } from './lib/clock.mjs';
import { installPackages, packagesState } from './lib/packages.mjs';
import { plainEnvironment } from './lib/plain-environment.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const example = join(root, 'examples', 'workspace');
const environment = plainEnvironment(process.env);

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) stop(`test-governor needs Node 20 or later; this is ${process.version}.`);
if (spawnSync('bash', ['-c', ':'], { env: environment }).status !== 0)
  stop('The quickstart needs bash on PATH.');

console.log('\nPreparing');
prepare('packages', 'npm ci', () => install(root));
prepare('dist/', 'npm run build', () => npmRun('build'));
prepare('hooks/ and shims/', 'npm run generate', () => npmRun('generate'));
prepare('examples/workspace', 'npm ci', () => install(example));

// Imported only now: these modules use what was just installed.
if (process.argv.includes('--storm')) {
  const { playStorm } = await import('./storm.mjs');
  process.exitCode = await playStorm({ root, environment, totalMb: totalmem() / 1024 ** 2 });
} else {
  const { demonstrate } = await import('./quickstart/demonstrate.mjs');
  process.exitCode = await demonstrate({ root, example, environment });
}

/** Runs one step of the preparation; its output is shown only when it fails. */
function prepare(what, command, run) {
  process.stdout.write(`  ${what.padEnd(20)} ${command.padEnd(18)} `);
  const elapsed = startClock();
  const { status, output, note } = run();
  if (status === 0) {
    console.log(note ?? elapsed());
    return;
  }
  console.log(`failed (exit status ${status})\n\n${output}`);
  stop(`The quickstart stopped: "${command}" failed. Its output is above.`);
}

function install(directory) {
  if (packagesState(directory) === 'current') return { status: 0, output: '', note: 'up to date' };
  return installPackages(directory, environment, { quiet: true });
}

function npmRun(script) {
  const result = spawnSync('npm', ['run', '--silent', script], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
  });
  return { status: result.status ?? 1, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
