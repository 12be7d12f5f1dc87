import { arch } from './arch.ts';
import { asdf } from './asdf.ts';
import { builtin } from './builtin.ts';
import { bun, bunx } from './bun.ts';
import { caffeinate } from './caffeinate.ts';
import { chronic } from './chronic.ts';
import { chrt } from './chrt.ts';
import { command } from './command.ts';
import { concurrently } from './concurrently.ts';
import { conda } from './conda.ts';
import { corepack } from './corepack.ts';
import { coverage } from './coverage.ts';
import { coverageJs } from './coverage-js.ts';
import { crossEnv, crossEnvShell } from './cross-env.ts';
import { direnv } from './direnv.ts';
import { doas } from './doas.ts';
import { dotenv } from './dotenv.ts';
import { entr } from './entr.ts';
import { env } from './env.ts';
import { envCmd } from './env-cmd.ts';
import { evaluate } from './eval.ts';
import { exec } from './exec.ts';
import { find } from './find.ts';
import { flock } from './flock.ts';
import { fnm } from './fnm.ts';
import { git } from './git.ts';
import { hatch } from './hatch.ts';
import { hyperfine } from './hyperfine.ts';
import { ionice } from './ionice.ts';
import type { Launcher } from './launcher.ts';
import { lerna } from './lerna.ts';
import { mise } from './mise.ts';
import { nice } from './nice.ts';
import { node } from './node.ts';
import { nodemon } from './nodemon.ts';
import { noglob } from './noglob.ts';
import { nohup } from './nohup.ts';
import { npm } from './npm.ts';
import { npmRunAll } from './npm-run-all.ts';
import { npx } from './npx.ts';
import { numactl } from './numactl.ts';
import { nvm } from './nvm.ts';
import { nx } from './nx.ts';
import { parallel } from './parallel.ts';
import { pdm } from './pdm.ts';
import { pipenv } from './pipenv.ts';
import { pipx } from './pipx.ts';
import { pnpm, pnpx } from './pnpm.ts';
import { poetry } from './poetry.ts';
import { prlimit } from './prlimit.ts';
import { python } from './python.ts';
import { pythonTools } from './python-tools.ts';
import { repeat } from './repeat.ts';
import { rye } from './rye.ts';
import { screen } from './screen.ts';
import { scriptCommand } from './script.ts';
import { secrets } from './secrets.ts';
import { setsid } from './setsid.ts';
import { shell } from './shell.ts';
import { startServerAndTest } from './start-server-and-test.ts';
import { stdbuf } from './stdbuf.ts';
import { strace } from './strace.ts';
import { su } from './su.ts';
import { sudo } from './sudo.ts';
import { systemdInhibit } from './systemd-inhibit.ts';
import { systemdRun } from './systemd-run.ts';
import { taskset } from './taskset.ts';
import { time } from './time.ts';
import { timeout } from './timeout.ts';
import { tmux } from './tmux.ts';
import { unbuffer } from './unbuffer.ts';
import { uv, uvx } from './uv.ts';
import { volta } from './volta.ts';
import { watch } from './watch.ts';
import { withGuard } from './with-guard.ts';
import { xargs } from './xargs.ts';
import { xvfbRun } from './xvfb-run.ts';
import { yarn } from './yarn.ts';

const all: readonly Launcher[] = [
  arch,
  asdf,
  builtin,
  bun,
  bunx,
  caffeinate,
  chronic,
  chrt,
  command,
  concurrently,
  conda,
  corepack,
  coverage,
  coverageJs,
  crossEnv,
  crossEnvShell,
  direnv,
  doas,
  dotenv,
  entr,
  env,
  envCmd,
  evaluate,
  exec,
  find,
  flock,
  fnm,
  git,
  hatch,
  hyperfine,
  ionice,
  lerna,
  mise,
  nice,
  node,
  nodemon,
  noglob,
  nohup,
  npm,
  npmRunAll,
  npx,
  numactl,
  nvm,
  nx,
  parallel,
  pdm,
  pipenv,
  pipx,
  pnpm,
  pnpx,
  poetry,
  prlimit,
  python,
  pythonTools,
  repeat,
  rye,
  screen,
  scriptCommand,
  secrets,
  setsid,
  shell,
  startServerAndTest,
  stdbuf,
  strace,
  su,
  sudo,
  systemdInhibit,
  systemdRun,
  taskset,
  time,
  timeout,
  tmux,
  unbuffer,
  uv,
  uvx,
  volta,
  watch,
  withGuard,
  xargs,
  xvfbRun,
  yarn,
];

/** Every launcher by every name that it goes by. */
export const launchers: ReadonlyMap<string, Launcher> = new Map(
  all.flatMap((launcher) => launcher.names.map((name) => [name, launcher] as const)),
);
