import { execFile, execFileSync } from 'node:child_process';
import { linuxSource } from './linux-source.ts';
import type { ProcessSource } from './process-source.ts';
import { psArguments, psEnvironment, psSource } from './ps-source.ts';

const options = {
  encoding: 'latin1',
  env: psEnvironment,
  maxBuffer: 64 * 1024 * 1024,
  timeout: 5000,
} as const;

function listProcesses(): string {
  try {
    return execFileSync('/bin/ps', psArguments, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Nothing is seen, so nothing is signalled.
    return '';
  }
}

/** The processes of this machine: /proc on Linux, one `ps` elsewhere, for which this waits. */
export function openSource(): ProcessSource {
  return process.platform === 'linux' ? linuxSource() : psSource(listProcesses());
}

/** The same, without keeping the event loop from its work while `ps` runs. */
export function openSourceLater(): Promise<ProcessSource> {
  if (process.platform === 'linux') return Promise.resolve(linuxSource());
  return new Promise((resolve) => {
    execFile('/bin/ps', psArguments, options, (error, output) =>
      resolve(psSource(error === null ? output : '')),
    );
  });
}
