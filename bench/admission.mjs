// npm run bench:admission [-- name…]: what admission costs and what it holds to.
// Names: decision, storm, estimate, throttle. Exit status 1 when a bar is missed.
import { runParts } from './lib/parts.mjs';

await runParts(['decision', 'storm', 'estimate', 'throttle'], (name) => import(`./admission/${name}.mjs`));
