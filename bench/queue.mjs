// npm run bench:queue [-- name…]: what waiting, starting and ending cost, beside flock, GNU parallel's sem, task-spooler and nq
// from the same run. Linux. Exit status 1 when a bar is missed.
import { runParts } from './lib/parts.mjs';

const names = ['hand-off', 'order', 'start', 'idle', 'crash', 'supervise', 'escape'];
await runParts(names, (name) => import(`./queue/${name}.mjs`));
