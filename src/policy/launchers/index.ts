import { builtin } from './builtin.ts';
import { bun, bunx } from './bun.ts';
import { chronic } from './chronic.ts';
import { command } from './command.ts';
import { concurrently } from './concurrently.ts';
import { corepack } from './corepack.ts';
import { coverage } from './coverage.ts';
import { coverageJs } from './coverage-js.ts';
import { crossEnv, crossEnvShell } from './cross-env.ts';
import { doas } from './doas.ts';
import { dotenv } from './dotenv.ts';
import { entr } from './entr.ts';
import { env } from './env.ts';
import { evaluate } from './eval.ts';
import { exec } from './exec.ts';
import { find } from './find.ts';
import { flock } from './flock.ts';
import { ionice } from './ionice.ts';
import type { Launcher } from './launcher.ts';
import { lerna } from './lerna.ts';
import { nice } from './nice.ts';
import { node } from './node.ts';
import { noglob } from './noglob.ts';
import { nohup } from './nohup.ts';
import { npm } from './npm.ts';
import { npmRunAll } from './npm-run-all.ts';
import { npx } from './npx.ts';
import { nx } from './nx.ts';
import { parallel } from './parallel.ts';
import { pnpm, pnpx } from './pnpm.ts';
import { python } from './python.ts';
import { pythonEnvironments } from './python-environments.ts';
import { scriptCommand } from './script.ts';
import { setsid } from './setsid.ts';
import { shell } from './shell.ts';
import { stdbuf } from './stdbuf.ts';
import { sudo } from './sudo.ts';
import { time } from './time.ts';
import { timeout } from './timeout.ts';
import { uv, uvx } from './uv.ts';
import { watch } from './watch.ts';
import { withGuard } from './with-guard.ts';
import { xargs } from './xargs.ts';
import { yarn } from './yarn.ts';

const all: readonly Launcher[] = [
  builtin,
  bun,
  bunx,
  chronic,
  command,
  concurrently,
  corepack,
  coverage,
  coverageJs,
  crossEnv,
  crossEnvShell,
  doas,
  dotenv,
  entr,
  env,
  evaluate,
  exec,
  find,
  flock,
  ionice,
  lerna,
  nice,
  node,
  noglob,
  nohup,
  npm,
  npmRunAll,
  npx,
  nx,
  parallel,
  pnpm,
  pnpx,
  python,
  pythonEnvironments,
  scriptCommand,
  setsid,
  shell,
  stdbuf,
  sudo,
  time,
  timeout,
  uv,
  uvx,
  watch,
  withGuard,
  xargs,
  yarn,
];

/** Every launcher by every name that it goes by. */
export const launchers: ReadonlyMap<string, Launcher> = new Map(
  all.flatMap((launcher) => launcher.names.map((name) => [name, launcher] as const)),
);
