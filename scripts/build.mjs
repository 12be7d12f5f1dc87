// Builds dist/: CommonJS files for the asker and for the runs that it hands over (hooks, shims and preload start them, so
// every millisecond of loading counts), for the governed run and for the command line interface, each with a loader that keeps
// its compiled form; and what the preload reads below a governed run. Schema validators become plain code first, so that
// none carries a schema compiler.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneModule from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const standalone = standaloneModule.default ?? standaloneModule;

const ajv = new Ajv({ code: { source: true, esm: false, optimize: 2 }, allErrors: false, strict: true });
const schema = JSON.parse(readFileSync(join(root, 'schemas/config.schema.json'), 'utf8'));
mkdirSync(join(root, 'src/generated'), { recursive: true });
writeFileSync(join(root, 'src/generated/validate-config.cjs'), standalone(ajv, ajv.compile(schema)));

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  legalComments: 'linked',
  // yargs reads its own files at run time; it stays a dependency.
  external: ['yargs'],
  // proper-lockfile takes its file system from the caller; without graceful-fs each first event costs 7 ms less, and what signal-exit
  // is replaced by says why. jsonc-parser's main file is a UMD wrapper that hides its own parts from a bundler.
  alias: JSON.parse(readFileSync(join(root, 'scripts/lib/replaced-modules.json'), 'utf8')),
  // fdir asks for its own place to look for an optional package, which a bundle never has beside it.
  define: { __VERSION__: JSON.stringify(version), 'import.meta.url': JSON.stringify('file:///') },
  logLevel: 'warning',
  write: false,
};
const programs = await build({
  ...common,
  entryPoints: {
    ask: 'src/guard/ask-loader.ts',
    'run-own': 'src/guard/own-run-loader.ts',
    inside: 'src/guard/inside.ts',
    cli: 'src/cli/main-loader.ts',
    run: 'src/runner/run-loader.ts',
    'load-monitor': 'src/cli/load-monitor-main.ts',
    'safe-test-runner': 'src/cli/safe-test-runner-loader.ts',
  },
});
/**
 * Leaves a part (see src/run-bundle.ts) out of what requires it, and notes its source.
 * @param {Map<string, string>} found sources by the name of the file that each becomes.
 * @returns {import('esbuild').Plugin}
 */
const setPartsAside = (found) => ({
  name: 'parts',
  setup({ onResolve }) {
    onResolve({ filter: /-part\.ts$/ }, ({ path, kind, resolveDir }) => {
      if (kind !== 'require-call') return undefined;
      const name = basename(path, '.ts');
      const source = join(resolveDir, path);
      const other = found.get(name) ?? source;
      if (other !== source) return { errors: [{ text: `${source} and ${other} would become one file` }] };
      found.set(name, source);
      return { path: `./${name}.cjs`, external: true };
    });
  },
});

/** @param {Record<string, string>} entryPoints */
const buildBundles = async (entryPoints) => {
  const parts = new Map();
  const { outputFiles } = await build({
    ...common,
    entryPoints,
    // The loader compiles such a file as one function expression, without a copy of its text.
    banner: { js: '(function(require,module,exports,__dirname){' },
    footer: { js: '})' },
    plugins: [setPartsAside(parts)],
  });
  return { outputFiles, parts };
};
const bundles = await buildBundles({
  'ask-bundle': 'src/guard/ask-main.ts',
  'run-own-bundle': 'src/guard/own-run-main.ts',
  'run-bundle': 'src/runner/run-main.ts',
  'safe-test-runner-bundle': 'src/cli/safe-test-runner-main.ts',
  'cli-bundle': 'src/cli/main.ts',
});
// A part may require parts of its own.
const outputs = [...programs.outputFiles, ...bundles.outputFiles];
const built = new Set();
for (let waiting = bundles.parts; waiting.size > 0; ) {
  for (const name of waiting.keys()) built.add(name);
  const { outputFiles, parts } = await buildBundles(Object.fromEntries(waiting));
  outputs.push(...outputFiles);
  waiting = new Map([...parts].filter(([name]) => !built.has(name)));
}

// Guarded shells may be asking at this moment: each file is replaced whole, and only then do others go.
const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });
for (const { path, contents } of outputs) {
  const temporary = join(dist, `.${basename(path)}.${process.pid}`);
  writeFileSync(temporary, contents, { mode: 0o644 });
  renameSync(temporary, path);
}
const current = new Set(outputs.map(({ path }) => basename(path)));
for (const name of readdirSync(dist)) {
  if (!current.has(name)) rmSync(join(dist, name), { recursive: true, force: true });
}
