// What a script costs below with-guard that starts no tests.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, root, scratchDirectory, scratchFile, withGuard } from '../lib/place.mjs';
import { row } from '../lib/report.mjs';
import { alternate, program, ratio } from '../lib/timing.mjs';

const simple = ['x=1', 'y=$x', ':', '[ "$x" = 1 ]', 'true'];

/** A script of 100,000 simple commands, one a line. */
function longScript() {
  const lines = Array.from({ length: 100_000 }, (_, index) => simple[index % simple.length]);
  return scratchFile('long.bash', `${lines.join('\n')}\n`);
}

/** What configure scripts do: many small programs, many subshells, a little of everything, under sh. */
function configureScript() {
  const check = (index) => `
printf 'checking for feature ${index}... '
cat >conftest.c <<_ACEOF
int main(void) { return ${index} - ${index}; }
_ACEOF
if (grep 'main' conftest.c) >/dev/null 2>&1; then ac_cv_${index}=yes; else ac_cv_${index}=no; fi
ac_tmp=\`echo "$ac_cv_${index}" | sed 's/yes/1/'\`
test "x$ac_tmp" = x1 && echo "#define HAVE_${index} 1" >>confdefs.h
ac_dir=$(dirname "$0"); ac_base=$(expr "X/$0" : '.*/\\([^/]*\\)')
rm -f conftest.c
echo "$ac_cv_${index}"`;
  const text = Array.from({ length: 150 }, (_, index) => check(index)).join('\n');
  return scratchFile('configure/configure', `#!/bin/sh\nset -e\nrm -f confdefs.h\n${text}\n`, 0o755);
}

/** A copy of this project's sources, in which its own build runs. */
function buildDirectory() {
  const directory = scratchDirectory('build');
  for (const name of ['package.json', 'scripts', 'src', 'schemas']) {
    cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  cpSync(join(root, 'node_modules'), join(directory, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) =>
      !/node_modules\/(@swc|@oven|turbo|@turbo|vitest|@biomejs|typescript|@typescript|pnpm)(\/|$)/.test(path),
  });
  return directory;
}

async function compare(what, file, args, atMost, rounds, options = {}) {
  const env = plainEnvironment();
  const times = await alternate(
    {
      plain: program(file, args, { env, ...options }),
      guarded: program(withGuard, [file, ...args], { env, ...options }),
    },
    rounds,
  );
  const detail = `${Math.round(times.plain.median)} ms plain`;
  return row(`${what} (${detail})`, ratio(times.guarded, times.plain), {
    atMost,
    unit: '×',
    digits: 3,
  });
}

export const title = 'Scripts and builds below with-guard, over the same without';

export async function run() {
  const configure = configureScript();
  return [
    await compare('a bash script of 100,000 simple commands', 'bash', [longScript()], 1.5, 11),
    await compare('a configure-like script', configure, [], 1.03, 15, { cwd: join(configure, '..') }),
    await compare('npm run build (this project)', 'npm', ['run', '--silent', 'build'], 1.03, 11, {
      cwd: buildDirectory(),
    }),
  ];
}
