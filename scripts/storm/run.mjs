// The ways in which eight agents' tests can be started.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Starts one command and gives its exit status; what it printed goes to `onLine`, line by line. */
function start(file, args, { cwd, env, onLine = () => undefined }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    }
    child.on('error', () => resolve(127));
    child.on('close', (status) => resolve(status ?? 1));
  });
}

const each = (count, work) => Promise.all(Array.from({ length: count }, (_, index) => work(index + 1)));

/** The arguments of Jest for one agent: one worker, its own suite. */
const jestArgs = (agent) => ['--maxWorkers=1', `agent-${agent}\\.test`];

/** The environment in which all agents together may take `budgetMb` of `totalMb`, and every CPU. */
export function budgetEnvironment(env, budgetMb, totalMb) {
  return {
    ...env,
    BASESHOP_MEMORY_BUDGET_PCT: (budgetMb / totalMb).toFixed(6),
    BASESHOP_CPU_SLOT_PCT: '1',
    MAX_LOAD: '1000',
  };
}

/**
 * The ways, by name: each takes a place (`cwd`, `env`, `count`, `root`, `onLine`) and resolves with the exit statuses once all
 * agents are done.
 */
export const ways = {
  governed: (place) =>
    each(place.count, (agent) =>
      start(join(place.root, 'bin/test-governor'), ['run', 'jest', '--', ...jestArgs(agent)], {
        ...place,
        onLine: (line) => place.onLine?.(agent, line),
      }),
    ),
  ungoverned: (place) =>
    each(place.count, (agent) => start(process.execPath, [jestOf(place), ...jestArgs(agent)], place)),
  exclusive: async (place) => {
    const statuses = [];
    for (let agent = 1; agent <= place.count; agent++) {
      statuses.push(await start(process.execPath, [jestOf(place), ...jestArgs(agent)], place));
    }
    return statuses;
  },
  'sem -j2': (place) =>
    each(place.count, (agent) =>
      start(
        'sem',
        ['--id', `storm-${process.pid}`, '-j2', '--fg', process.execPath, jestOf(place), ...jestArgs(agent)],
        place,
      ),
    ),
  'make -l': async (place) => {
    const targets = Array.from({ length: place.count }, (_, index) => `a${index + 1}`);
    const rules = targets.map(
      (target, index) =>
        `${target}:\n\t@${process.execPath} ${jestOf(place)} ${jestArgs(index + 1)
          .join(' ')
          .replaceAll('\\', '\\\\')}`,
    );
    writeFileSync(join(place.cwd, 'Makefile'), [`all: ${targets.join(' ')}`, ...rules, ''].join('\n'));
    return [await start('make', [`-j${place.count}`, `-l${availableParallelism()}`, '-s', 'all'], place)];
  },
};

function jestOf({ cwd }) {
  return join(cwd, 'node_modules', 'jest', 'bin', 'jest.js');
}
