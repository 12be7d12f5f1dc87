// How many command lines a second the classifier judges once it is warm.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, scratchDirectory } from '../lib/place.mjs';
import { row } from '../lib/report.mjs';
import { median } from '../lib/timing.mjs';

const calm = [
  'git status --short',
  'ls -la src',
  'cd packages/web && git diff HEAD~1 -- src/index.ts',
  'cat package.json | head -40',
  'rg -n "useState" src --type ts',
  'echo "$HOME" && pwd',
  'mkdir -p build && cp -r public build/',
  'git commit -m "Mend the parser"',
  'sed -n 1,80p README.md',
];
const suspects = [
  'npx jest src/parser --ci',
  'cd packages/web && npx vitest run 2>&1 | tail -20',
  'CI=1 timeout 600 npm exec -- jest --runInBand "$FILE"',
  'git commit -m "fix jest setup"',
  './node_modules/.bin/jest --testPathPattern=queue',
  'turbo run test --filter=web --concurrency=2',
  'python3 -m pytest -x tests/test_api.py',
  'for f in a b; do npx jest "$f" || break; done',
  'pnpm --filter web exec jest && git push',
  'grep -rn jest package.json',
];

async function loadClassifier() {
  const outfile = join(scratchDirectory('bundle'), 'classifier.cjs');
  const absWorkingDir = root;
  const contents = `
    export { classify } from './src/policy/classify.ts';
    export { createPackageReader } from './src/packages.ts';
    export { repositoryFacts } from './src/repository.ts';`;
  await build({
    absWorkingDir,
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  const { classify, createPackageReader, repositoryFacts } = createRequire(import.meta.url)(outfile);
  const packages = createPackageReader();
  const context = { cwd: root, packages, envPrefix: 'BASESHOP', repository: repositoryFacts(root, packages) };
  return (line) => classify(line, context);
}

/** Lines a second, the median of several passes. */
function rate(classify, lines) {
  const passes = 9;
  const count = 20_000;
  const rates = [];
  for (let pass = 0; pass < passes; pass++) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < count; index++) classify(lines[index % lines.length]);
    rates.push(count / (Number(process.hrtime.bigint() - start) / 1e9));
  }
  // The first passes warm up.
  return median(rates.slice(3));
}

export const title = 'The classifier, warm';

export async function run() {
  const classify = await loadClassifier();
  const mixed = suspects.flatMap((suspect) => [...calm, suspect]);
  return [
    row('command lines a second, one in ten a suspect', rate(classify, mixed), {
      atLeast: 100_000,
      digits: 0,
    }),
    row('suspects alone', rate(classify, suspects), { atLeast: 20_000, digits: 0 }),
  ];
}
