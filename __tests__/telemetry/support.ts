import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import replacedModules from '../../scripts/lib/replaced-modules.json';

/** A directory of its own for one test; `remove` it afterwards. */
export function scratch(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'test-governor-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Bundles one of the programs in `programs/` here into `directory` and gives its path. */
export function bundleProgram(name: string, directory: string): string {
  return bundle(join(__dirname, 'programs', `${name}.ts`), directory);
}

/** Bundles a program with all that it imports into `directory` and gives its path. */
export function bundle(program: string, directory: string): string {
  const outfile = join(directory, `${basename(program, '.ts')}.cjs`);
  buildSync({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    // What stands in for whole modules in what is built does so here.
    absWorkingDir: join(__dirname, '..', '..'),
    alias: replacedModules,
  });
  return outfile;
}

/** What a program left behind when it ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface StartOptions {
  /** Hears how many lines the program has printed so far, each time that more come. */
  readonly onLines?: (count: number, child: ChildProcess) => void;
  /** The program prints into this file, so that nobody is woken for each line. */
  readonly stdoutTo?: string;
}

/** Runs a program to its end. */
export function start(
  command: string,
  args: readonly string[],
  { onLines, stdoutTo }: StartOptions = {},
): Promise<Ended> {
  const file = stdoutTo === undefined ? null : openSync(stdoutTo, 'w');
  const child = spawn(command, args, { stdio: ['ignore', file ?? 'pipe', 'pipe'] });
  if (file !== null) {
    closeSync(file);
  }
  let stdout = '';
  let stderr = '';
  let lines = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    lines += text.split('\n').length - 1;
    onLines?.(lines, child);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({
        status,
        signal,
        stdout: stdoutTo === undefined ? stdout : readFileSync(stdoutTo, 'utf8'),
        stderr,
      });
    });
  });
}

/** The files of a state directory that hold events, rotated ones first in the order of their names. */
export function eventFiles(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
  return [...names.filter((name) => name !== 'events.jsonl').sort(), 'events.jsonl'].filter((name) =>
    names.includes(name),
  );
}

/** Every line of every file that holds events, without its newline, oldest file first. */
export function rawLines(directory: string): readonly string[] {
  return eventFiles(directory).flatMap((name) =>
    readFileSync(join(directory, name), 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}
