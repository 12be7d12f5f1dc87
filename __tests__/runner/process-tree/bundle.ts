import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles one of the programs beside this file into `directory` and gives its path. */
export function bundleProgram(name: string, directory: string): string {
  const outfile = join(directory, `${name}.cjs`);
  buildSync({
    entryPoints: [join(__dirname, 'programs', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
