// npm run bench:adoption [-- name…]: what it costs to look over a repository, and that migrated scripts do what they did.
// Names: audit, migrate, docs-lint, calibrate, status. Exit status 1 when a bar is missed.
import { runParts } from './lib/parts.mjs';

await runParts(
  ['audit', 'migrate', 'docs-lint', 'calibrate', 'status'],
  (name) => import(`./adoption/${name}.mjs`),
);
