// What a hand-off between two node programs takes that do nothing but that: what any queue written for node pays.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { holdMs } from './line-up.mjs';
import { allEnded, readLog, setStage, toMs } from './stage.mjs';

const program = fileURLToPath(new URL('least-waiter.cjs', import.meta.url));

/** Milliseconds from the end of each of `count` jobs to the start of the next. */
export async function playLeast(count) {
  const stage = setStage();
  const waiters = Array.from({ length: count + 1 }, (_, index) =>
    spawn(process.execPath, [program, stage.job, stage.log, `waiter-${index}`, String(holdMs)], {
      env: stage.environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }),
  );
  await Promise.all(waiters.map((waiter) => once(waiter, 'message')));
  waiters.slice(0, -1).forEach((waiter, index) => {
    waiter.send(waiters[index + 1].pid);
  });
  waiters[0].kill('SIGCONT');
  await allEnded(waiters);
  const log = readLog(stage);
  const [starts, ends] = ['start', 'end'].map((wanted) => log.filter(({ event }) => event === wanted));
  return starts.slice(1).map(({ at }, index) => toMs(at - ends[index].at));
}
