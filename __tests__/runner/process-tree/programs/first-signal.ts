// first-signal.ts new|ready: supervises a runner in a terminal, is sent a SIGINT of its own right before, and prints how it ended.
import { spawn } from 'node:child_process';
import { isInForeground } from '../../../../src/runner/foreground.ts';
import { type Start, supervise } from '../../../../src/runner/supervise.ts';

const base = {
  program: { kind: 'native', file: '/bin/sh' },
  cwd: '/',
  environment: { PATH: '/usr/bin:/bin' },
  timeoutMs: null,
  graceMs: 0,
} as const;

/** A runner that has been told of nothing ends with 3 when its standard input does. */
const script = 'trap "exit 9" INT; echo up; read -r line; exit 3';

async function start(): Promise<Start> {
  if (process.argv[2] === 'new') return { ...base, args: ['-c', 'exec sleep 60'], ready: null };
  const ready = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => ready.stdout.once('data', resolve));
  setTimeout(() => ready.stdin.end('\n'), 100);
  return { ...base, args: [], ready };
}

async function main(): Promise<void> {
  process.on('SIGINT', () => undefined);
  const prepared = await start();
  // Heard in the next turn of the event loop, when the runner has been started.
  process.kill(process.pid, 'SIGINT');
  const end = await supervise(prepared, {
    onStarted: () => undefined,
    onEnded: () => undefined,
    endAll: () => Promise.resolve(),
  });
  console.log(
    `foreground ${isInForeground()}, ${end.kind} ${end.kind === 'ended' ? end.status : end.reason}.`,
  );
}

void main();
