import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { describeInvalid, loadConfig } from '../config.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { type GenerateResult, generate } from '../guard/generate.ts';
import { packageRoot } from '../root.ts';
import { fail, print } from './output.ts';

interface Options {
  readonly check: boolean;
  readonly out: string | undefined;
}

function report(result: GenerateResult): void {
  switch (result.kind) {
    case 'fresh':
      print('hooks/ and shims/ are what the templates and the policy give.');
      return;
    case 'stale': {
      const { stale, missing, foreign } = result.drift;
      print(
        ...stale.map((path) => `stale: ${path}`),
        ...missing.map((path) => `missing: ${path}`),
        ...foreign.map((path) => `not ours: ${escapeForTerminal(path)}`),
      );
      fail(
        1,
        'generated files differ from the templates and the policy; the same command without --check writes them',
      );
      return;
    }
    case 'written':
      print(
        ...result.written.map((path) => `wrote ${path}`),
        ...result.removed.map((path) => `removed ${path}`),
        ...result.foreign.map((path) => `left alone, not ours: ${escapeForTerminal(path)}`),
        result.written.length + result.removed.length === 0
          ? 'Nothing to do: all files are up to date.'
          : 'Done.',
      );
      return;
    case 'invalid':
      for (const problem of result.problems) fail(exitStatus.config, problem);
      return;
    default:
      result satisfies never;
  }
}

function run(options: Options): void {
  const root = packageRoot(__dirname);
  const outDirectory = resolve(options.out ?? root);
  const config = loadConfig(options.out === undefined ? process.cwd() : outDirectory);
  if (config.kind === 'invalid') {
    fail(exitStatus.config, describeInvalid(config));
    return;
  }
  const envPrefix = config.kind === 'ok' ? config.config.envPrefix : undefined;
  report(
    generate({ root, outDirectory, check: options.check, ...(envPrefix === undefined ? {} : { envPrefix }) }),
  );
}

/** `test-governor generate`: hooks/ and shims/ from the policy and the templates. */
export const generateCommand: CommandModule<object, Options> = {
  command: 'generate',
  describe: 'Write hooks/, shims/ and bin/with-guard from the policy and the templates',
  builder: (parser: Argv<object>) =>
    parser
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'write nothing; exit 1 when files are stale',
      })
      .option('out', { type: 'string', describe: 'another directory to write to' })
      .epilogue(
        'Needed after a change of envPrefix in the config, or of a template. Exit status: 0 done, 1 files are stale (--check), 78 the config is invalid.',
      ),
  handler: run,
};
