import { standardError } from './standard-error.ts';

/** Ends this process with the status that `work` gives; a fault of ours is shown whole, with status 1. */
export function exitWith(work: Promise<number>): void {
  work.then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      standardError.say(`test-governor: ${detail}`);
      process.exitCode = 1;
    },
  );
}
