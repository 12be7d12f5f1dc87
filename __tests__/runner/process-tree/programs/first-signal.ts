// first-signal.ts new|started|ready: supervises a runner in a terminal, is sent a SIGINT of its own, and prints how the runner ended.
//   new      right before the start of a runner, a node program: node has a handler of its own from its first milliseconds on
//   started  when it is told that the runner has been started
//   ready    right before the start, for which a runner stands ready
import { spawn } from 'node:child_process';
import { isInForeground } from '../../../../src/runner/foreground.ts';
import { runnerOf } from '../../../../src/runner/runner-process.ts';
import { type Start, supervise } from '../../../../src/runner/supervise.ts';

const base = {
  program: { kind: 'native', file: '/bin/sh' },
  cwd: '/',
  environment: { PATH: '/usr/bin:/bin' },
  timeoutMs: null,
  graceMs: 0,
} as const;

/** A runner that has been told of nothing ends with 3 when its standard input does. */
const readyScript = 'trap "exit 9" INT; echo up; read -r line; exit 3';

/** One that ends by itself. */
const startedScript = 'trap "exit 9" INT; sleep 0.2; exit 3';

const kind = process.argv[2];

async function start(): Promise<Start> {
  if (kind === 'new') {
    const program = { kind: 'native', file: process.execPath } as const;
    return { ...base, program, args: ['-e', 'setTimeout(() => undefined, 60_000)'], ready: null };
  }
  if (kind === 'started') return { ...base, args: ['-c', startedScript], ready: null };
  const ready = spawn('/bin/sh', ['-c', readyScript], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => ready.stdout.once('data', resolve));
  setTimeout(() => ready.stdin.end('\n'), 100);
  return { ...base, args: [], ready: runnerOf(ready) };
}

async function main(): Promise<void> {
  process.on('SIGINT', () => undefined);
  const prepared = await start();
  // Heard in the next turn of the event loop, when the runner has been started.
  const interrupt = () => process.kill(process.pid, 'SIGINT');
  if (kind !== 'started') interrupt();
  const end = await supervise(prepared, {
    onStarted() {
      if (kind === 'started') interrupt();
    },
    onAsked: () => undefined,
    onEnded: () => undefined,
    endAll: () => Promise.resolve(),
  });
  console.log(
    `foreground ${isInForeground()}, ${end.kind} ${end.kind === 'ended' ? end.status : end.reason}.`,
  );
}

void main();
