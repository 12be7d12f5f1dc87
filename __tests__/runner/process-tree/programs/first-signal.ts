// first-signal.ts new|caught|ready: supervises a runner in a terminal, is sent a SIGINT of its own, and prints how the runner ended.
//   new     right before the start of a runner that has no handler
//   caught  in the turn of the start, by when the runner has a handler
//   ready   right before the start, for which a runner stands ready
import { spawn } from 'node:child_process';
import { catchesSignal } from '../../../../src/runner/caught-signals.ts';
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
const readyScript = 'trap "exit 9" INT; echo up; read -r line; exit 3';

/** One that ends by itself. */
const catchingScript = 'trap "exit 9" INT; sleep 0.2; exit 3';

const kind = process.argv[2];

async function start(): Promise<Start> {
  if (kind === 'new') return { ...base, args: ['-c', 'exec sleep 60'], ready: null };
  if (kind === 'caught') return { ...base, args: ['-c', catchingScript], ready: null };
  const ready = spawn('/bin/sh', ['-c', readyScript], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => ready.stdout.once('data', resolve));
  setTimeout(() => ready.stdin.end('\n'), 100);
  return { ...base, args: [], ready };
}

async function main(): Promise<void> {
  process.on('SIGINT', () => undefined);
  const prepared = await start();
  // Heard in the next turn of the event loop, when the runner has been started.
  const interrupt = () => process.kill(process.pid, 'SIGINT');
  if (kind !== 'caught') interrupt();
  const end = await supervise(prepared, {
    onStarted(leader) {
      if (kind !== 'caught' || leader === null) return;
      while (!catchesSignal(leader.pid, 'SIGINT'));
      interrupt();
    },
    onEnded: () => undefined,
    endAll: () => Promise.resolve(),
  });
  console.log(
    `foreground ${isInForeground()}, ${end.kind} ${end.kind === 'ended' ? end.status : end.reason}.`,
  );
}

void main();
