// GNU bash's tests/: each run-* file prints how a test's output differs from what it should be.
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Not tests, but lists of tests. */
const lists = new Set(['run-all', 'run-minimal', 'run-gprof']);

/** Tests that wait for seconds; `--quick` leaves them out. */
const slow = new Set(
  'run-builtins run-coproc run-func run-ifs-posix run-jobs run-procsub run-read run-test run-trap'.split(' '),
);

/** The small programs that the tests expect beside bash, which a source tree would build. */
const helpers = {
  recho: `for my $i (1 .. @ARGV) {
  (my $text = $ARGV[$i - 1]) =~ s/([\\0-\\x1f])/'^' . chr(ord($1) + 64)/ge;
  $text =~ s/\\x7f/^?/g;
  print "argv[$i] = <$text>\\n";
}`,
  zecho: `print join(' ', @ARGV), "\\n";`,
  printenv: `if (!@ARGV) { print map { "$_=$ENV{$_}\\n" } keys %ENV; exit 0 }
my $missing = 0;
for (@ARGV) { if (exists $ENV{$_}) { print "$ENV{$_}\\n" } else { $missing = 1 } }
exit $missing;`,
  xcase: `my ($lower, $upper) = (0, 0);
while (@ARGV && $ARGV[0] =~ /^-/) { my $flags = shift; $lower = 1 if $flags =~ /l/; $upper = 1 if $flags =~ /u/ }
while (sysread(STDIN, my $byte, 1)) { $byte = lc $byte if $lower; $byte = uc $byte if $upper; syswrite(STDOUT, $byte) }`,
};

/** The suite as it lies in `source`, made ready to run in `work`. */
export function bashSuite(source, work) {
  rmSync(work, { recursive: true, force: true });
  const tests = join(work, 'tests');
  const programs = join(work, 'programs');
  cpSync(join(source, 'tests'), tests, { recursive: true });
  for (const directory of [programs, join(work, 'home'), join(work, 'tmp')]) mkdirSync(directory);
  for (const [name, text] of Object.entries(helpers)) {
    writeFileSync(join(programs, name), `#!/usr/bin/perl\n${text}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  return {
    shell: 'bash',
    files: readdirSync(tests)
      .filter((name) => name.startsWith('run-') && !lists.has(name))
      .sort(),
    isSlow: (name) => slow.has(name),
    cwd: tests,
    argv: (name) => ['sh', name],
    environment: {
      HOME: join(work, 'home'),
      TMPDIR: join(work, 'tmp'),
      LANG: 'C.UTF-8',
      PATH: `.:${programs}:/usr/local/bin:/usr/bin:/bin`,
      THIS_SH: '/bin/bash',
      BUILD_DIR: work,
      BASH_TSTOUT: join(work, 'tmp', 'test-output'),
      SHLVL: '1',
    },
  };
}
