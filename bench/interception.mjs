// npm run bench:interception [-- name…]: what interception costs, as ratios and differences from one run.
// Names: prompt, scripts, starts, classifier. Exit status 1 when a bar is missed.
import { runParts } from './lib/parts.mjs';

await runParts(['prompt', 'scripts', 'starts', 'classifier'], (name) => import(`./interception/${name}.mjs`));
