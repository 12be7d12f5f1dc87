// zsh's Test/: each .ztst file is run by ztst.zsh, which says what failed.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tests that wait for seconds; `--quick` leaves them out. */
const slow = /^(A01|A05|C02|C03|D04|E01|V14|W02|W03|X02|X04|Y01|Y02|Y03)/;

/** What configure finds on a GNU system, as far as the tests look it up; without it they pass over whole files. */
const configuration = ['HAVE_FIFOS 1', 'PATH_DEV_FD "/dev/fd"', 'HAVE_SETRESUID 1', 'HAVE_INITGROUPS 1'];

/** The suite as it lies in `source`, made ready to run in `work` with the installed zsh. */
export function zshSuite(source, work) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  for (const part of ['Test', 'Functions', 'Completion', 'Misc', 'Util']) {
    if (existsSync(join(source, part))) cpSync(join(source, part), join(work, part), { recursive: true });
  }
  for (const directory of ['home', 'tmp', 'Src']) mkdirSync(join(work, directory));
  symlinkSync('/bin/zsh', join(work, 'Src', 'zsh'));
  writeFileSync(join(work, 'config.h'), configuration.map((entry) => `#define ${entry}\n`).join(''));
  const tests = join(work, 'Test');
  const modules = installedModules();
  if (modules !== null) symlinkSync(modules, join(tests, 'Modules'));
  return {
    shell: 'zsh',
    files: readdirSync(tests)
      .filter((name) => name.endsWith('.ztst'))
      .sort(),
    isSlow: (name) => slow.test(name),
    cwd: tests,
    // The suite's own makefile adds -f here, which keeps every start-up file out and so any guard.
    argv: (name) => ['/bin/zsh', '+Z', './ztst.zsh', `./${name}`],
    environment: {
      HOME: join(work, 'home'),
      TMPDIR: join(work, 'tmp'),
      LANG: 'C.UTF-8',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      ZTST_testdir: tests,
      ZTST_srcdir: tests,
      ZTST_exe: '/bin/zsh',
      SHLVL: '1',
    },
  };
}

function installedModules() {
  for (const triple of readdirSync('/usr/lib')) {
    const parent = join('/usr/lib', triple, 'zsh');
    if (!existsSync(parent)) continue;
    const [version] = readdirSync(parent);
    if (version !== undefined) return join(parent, version);
  }
  return null;
}
