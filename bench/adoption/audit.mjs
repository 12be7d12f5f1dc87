// How long the audit of a large workspace takes, program start included.
import { join } from 'node:path';
import { plainEnvironment, root, scratchDirectory, scratchFile } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';
import { alternate, program } from '../lib/timing.mjs';

const packages = 1000;

/** Scripts as a package of a large workspace has them: most start no test. */
const scripts = {
  build: 'tsc -b && rimraf dist/tmp',
  dev: 'vite --port 3000',
  lint: 'eslint src --max-warnings 0',
  format: 'prettier --write .',
  typecheck: 'tsc --noEmit -p tsconfig.json',
  clean: 'rimraf dist coverage node_modules/.cache',
  test: 'cross-env NODE_ENV=test jest --passWithNoTests',
  'test:ci': 'pnpm exec jest --ci --coverage && node scripts/report.js',
  'test:all': 'pnpm -r run test',
  prepack: 'npm run build',
};

function writeWorkspace() {
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  scratchFile('large/pnpm-workspace.yaml', "packages:\n  - 'packages/*'\n  - 'apps/*'\n");
  scratchFile(
    'large/package.json',
    json({ name: 'large', private: true, scripts: { test: 'turbo run test' } }),
  );
  scratchFile('large/turbo.json', json({ tasks: { test: {} } }));
  for (let index = 0; index < packages; index++) {
    const place = `${index % 4 === 0 ? 'apps' : 'packages'}/p${index}`;
    scratchFile(`large/${place}/package.json`, json({ name: `@large/p${index}`, version: '1.0.0', scripts }));
    scratchFile(`large/${place}/src/index.js`, 'module.exports = 1;\n');
    scratchFile(`large/${place}/scripts/report.js`, "require('node:fs').writeFileSync('report.txt', '');\n");
  }
  return scratchDirectory('large');
}

export const title = `The audit of a workspace of ${packages.toLocaleString('en')} packages with ${Object.keys(scripts).length} scripts each`;

export async function run() {
  const cwd = writeWorkspace();
  const env = plainEnvironment();
  const governor = join(root, 'bin', 'test-governor');
  const times = await alternate(
    {
      audit: program(process.execPath, [governor, 'audit', '--json'], { cwd, env, status: 1 }),
      help: program(process.execPath, [governor, '--help'], { cwd, env }),
      node: program(process.execPath, ['-e', '0'], { cwd, env }),
    },
    7,
  );
  const { median, min } = times.audit;
  const seconds = { median: median / 1000, min: min / 1000 };
  const met = [row('test-governor audit', seconds, { atMost: 2, unit: ' s' })];
  peer('test-governor --help', times.help, { unit: ' ms', digits: 0 });
  peer('node -e 0', times.node, { unit: ' ms', digits: 0 });
  return met;
}
