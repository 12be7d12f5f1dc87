// What a shim, the preload and a question to the asker cost, over the bare program.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPeers } from '../lib/peers.mjs';
import {
  asker,
  plainEnvironment,
  quote,
  root,
  scratchDirectory,
  scratchFile,
  shims,
  withGuard,
} from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';
import { alternate, over, program, ratio } from '../lib/timing.mjs';

/** A directory with a trivial program of this name: what is timed is the way to it. */
function trivial(name) {
  const directory = scratchDirectory('trivial');
  const file = join(directory, name);
  copyFileSync(['/bin/true', '/usr/bin/true'].find(existsSync), file);
  chmodSync(file, 0o755);
  return directory;
}

async function shimCost() {
  const target = trivial('npm');
  const { PATH } = process.env;
  const env = plainEnvironment({ PATH: [shims, target, PATH].join(delimiter) });
  const peers = installPeers();
  const least = scratchFile('least/npm', `#!/bin/sh\nexec ${quote(join(target, 'npm'))} "$@"\n`, 0o755);
  const cases = {
    bare: program(join(target, 'npm'), ['install']),
    shim: program(join(shims, 'npm'), ['install'], { env }),
    least: program(least, ['install'], { env }),
  };
  const times = await alternate(cases, 201);
  const unit = ' ms';
  const met = row('a shim, over the program itself', over(times.shim, times.bare), { atMost: 1, unit });
  peer('the program itself', times.bare, { unit });
  peer('the least that sh can do: exec, and nothing else', over(times.least, times.bare), { unit });
  for (const { name, file, args, environment } of peers) {
    try {
      const time = await alternate(
        {
          bare: program(join(target, 'npm'), ['install']),
          peer: program(file, args, {
            env: plainEnvironment({ PATH: [target, PATH].join(delimiter), ...environment }),
          }),
        },
        9,
      );
      peer(name, over(time.peer, time.bare), { unit });
    } catch (error) {
      peer(name, 'did not run here');
      console.error(`    ${error.message.split('\n')[0]}`);
    }
  }
  return met;
}

/** The environment that with-guard gives, as this process can use it. */
function guardedEnvironment() {
  const { stdout } = spawnSync(withGuard, ['env', '-0'], { env: plainEnvironment(), encoding: 'utf8' });
  return Object.fromEntries(
    stdout
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

async function nodeCost() {
  const script = scratchFile('hello.cjs', "process.stdout.write('hello')\n");
  const env = plainEnvironment();
  const guarded = guardedEnvironment();
  const times = await alternate(
    {
      plain: program(process.execPath, [script], { env }),
      guarded: program(join(shims, 'node'), [script], { env: guarded }),
    },
    61,
  );
  return row('node with shim and preload, over plain node', ratio(times.guarded, times.plain), {
    atMost: 1.08,
    unit: '×',
    digits: 3,
  });
}

async function askCost() {
  const env = plainEnvironment({ BASESHOP_POLICY_MODE: 'enforce' });
  const question = (...argv) => [asker, 'argv', 'shim', String(process.pid), ...argv];
  // The first answer of an installation stores the asker's compiled code.
  program(process.execPath, question('git', 'status'), { env })();
  const times = await alternate(
    {
      empty: program(process.execPath, ['-e', '0'], { env }),
      none: program(process.execPath, question('npx', 'eslint', '.'), { env, cwd: root }),
      text: program(process.execPath, [asker, 'text', 'bash', String(process.pid)], {
        env,
        cwd: root,
        input: 'git commit -m "fix jest" && npx prettier --check src',
      }),
      blocked: program(process.execPath, question('npx', 'jest', 'src'), { env, cwd: root, status: 126 }),
    },
    61,
  );
  const overEmpty = (name) => ratio(times[name], times.empty);
  const bar = { atMost: 1.15, unit: '×', digits: 3 };
  const met = [
    row('a classification of arguments, cold, over node -e 0', overEmpty('none'), bar),
    row('a classification of text, cold, over node -e 0', overEmpty('text'), bar),
  ];
  peer('with the message and the telemetry event of a block', overEmpty('blocked'), { unit: '×', digits: 3 });
  return met;
}

export const title = 'Shims, preload, asker';

export async function run() {
  return [await shimCost(), await nodeCost(), ...(await askCost())];
}
