// least-waiter.cjs JOB LOG NAME HOLD: the least that a node program can do to run a job in turn, without a queue, admission, a lease
// or supervision: it sleeps until SIGCONT, starts the job, and at its end wakes the process whose pid it was sent.
const { spawn } = require('node:child_process');

const [, , job, log, name, hold] = process.argv;
let next = null;
process.on('message', (pid) => {
  next = pid;
});
process.once('SIGCONT', () => {
  spawn(job, [log, name, hold], { stdio: 'ignore' }).on('exit', () => {
    if (next !== null) process.kill(next, 'SIGCONT');
    process.disconnect();
  });
});
process.send('up');
