import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');

/** How a program ended, with both its streams in one text. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** The files of this checkout that are, or would be, under version control; relative paths. */
export function versionedFiles(...below: readonly string[]): readonly string[] {
  const list = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '--', ...below], {
    cwd: root,
    encoding: 'utf8',
  });
  // A file that was deleted but not yet committed is still listed.
  return list.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

/**
 * Copies this checkout as a fresh clone would have it: versioned files only, nothing installed, nothing built.
 * `installed` true: with a link to this checkout's node_modules.
 */
export function copyCheckout(target: string, { installed }: { readonly installed: boolean }): void {
  for (const file of versionedFiles()) {
    const to = join(target, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, file), to, { verbatimSymlinks: true });
  }
  if (installed) symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
}

/** npm's cache on this machine: what is in it need not be fetched again by a test with a HOME of its own. */
export function npmCache(): string {
  return execFileSync('npm', ['config', 'get', 'cache', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
}

/** How this machine reaches a registry: certificates of its own, proxies. */
export function networkEnvironment(): Record<string, string> {
  const names = /^(NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i;
  const entries = Object.entries(process.env).filter(([name]) => names.test(name));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Runs a program to its end, without a terminal and without input. Rejected when it cannot be started. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Outcome> {
  return new Promise((fulfil, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (status) => fulfil({ status, output }));
  });
}
