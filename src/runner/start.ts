import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Environment } from '../env.ts';
import { exitStatus } from '../exit-status.ts';
import type { RunnerProgram } from './find-runner.ts';

/** Signals that end a run and are passed on to it. */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** How a run ended. */
export type RunEnd =
  | { readonly kind: 'ended'; readonly status: number }
  | { readonly kind: 'not-started'; readonly reason: string };

/**
 * Starts the runner with the user's own stdin, stdout and stderr, and waits for its end. Signals to this process go on
 * to it; Ctrl-C in a terminal reaches it by itself, since both are in the terminal's foreground group.
 * @returns the runner's own status, 128+n when signal n ended it.
 */
export function startRunner(
  program: RunnerProgram,
  args: readonly string[],
  options: { readonly cwd: string; readonly environment: Environment },
): Promise<RunEnd> {
  const [file, words] =
    program.kind === 'node' ? [process.execPath, [program.file, ...args]] : [program.file, args];
  return new Promise((resolve) => {
    const child = spawn(file, words, { cwd: options.cwd, env: { ...options.environment }, stdio: 'inherit' });
    const handlers = passedOn.map((signal) => {
      const handler = () => {
        if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
      };
      process.on(signal, handler);
      return { signal, handler };
    });
    const finish = (end: RunEnd) => {
      for (const { signal, handler } of handlers) process.off(signal, handler);
      resolve(end);
    };
    child.on('error', (error) => finish({ kind: 'not-started', reason: error.message }));
    child.on('exit', (code, signal) => {
      const status = signal === null ? (code ?? exitStatus.blocked) : 128 + constants.signals[signal];
      finish({ kind: 'ended', status });
    });
  });
}
