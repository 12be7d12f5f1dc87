import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTemplates } from '../../src/guard/generate.ts';
import { render, type Template } from '../../src/guard/render.ts';

const root = join(__dirname, '../..');

/** A shell that the gate is tried in. */
export interface GateShell {
  readonly name: string;
  readonly argv: readonly string[];
  /** The template's ending, which decides how builtins are called. */
  readonly ending: 'sh' | 'bash' | 'zsh';
}

/** Other versions of bash, for a machine that has them: each is tried like the installed one. */
const otherBashes = process.env.TEST_BASHES ?? '';

/** bash, zsh and dash, as they must be installed. */
export const gateShells: readonly GateShell[] = [
  { name: 'bash', argv: ['bash', '--noprofile', '--norc'], ending: 'bash' },
  { name: 'zsh', argv: ['zsh', '-f'], ending: 'zsh' },
  { name: 'dash', argv: ['dash'], ending: 'sh' },
  ...(existsSync(otherBashes) ? readdirSync(otherBashes) : []).map((name) => ({
    name,
    argv: [join(otherBashes, name), '--noprofile', '--norc'],
    ending: 'bash' as const,
  })),
];

/** The shells that run the shims: dash, and bash in its posix mode (macOS's /bin/sh). */
export const shimShells: readonly GateShell[] = [
  { name: 'dash', argv: ['dash'], ending: 'sh' },
  { name: 'bash in posix mode', argv: ['bash', '--posix'], ending: 'sh' },
];

/** The repository's fragments with `text` as a template of its own, rendered as generate does it. */
export function renderWith(text: string, ending: GateShell['ending']): string {
  const fragments = readTemplates(root).filter((template) => template.path.startsWith('fragments/'));
  const own: Template = { path: `trial.${ending}`, text };
  const result = render([...fragments, own]);
  if (result.kind === 'invalid') throw new Error(result.problems.join('\n'));
  const rendered = result.files.find((file) => file.path === `hooks/trial.${ending}`);
  if (rendered === undefined) throw new Error('the trial template was not rendered');
  return rendered.text;
}

/** A word that every shell reads as exactly `text`. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Runs one shell, fed with a rendered template and then the calls, all through its standard input; gives the lines that it
 * prints. Fails when the shell fails, writes to stderr, or needs a program (its PATH is empty).
 */
export function runGate(
  shell: GateShell,
  template: string,
  calls: readonly string[],
  cwd: string,
): readonly string[] {
  const [program = '', ...args] = shell.argv;
  const path = spawnSync('sh', ['-c', 'command -v -- "$1"', 'sh', program], {
    encoding: 'utf8',
  }).stdout.trim();
  const result = spawnSync(path, args, {
    cwd,
    input: `${renderWith(template, shell.ending)}\n${calls.join('\n')}\n`,
    encoding: 'utf8',
    env: { PATH: '/nonexistent', LANG: 'C.UTF-8', HOME: '/nonexistent' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0 || result.stderr !== '') {
    throw new Error(
      `${shell.name} ended with ${result.status ?? result.signal}: ${result.stderr.slice(0, 2000)}`,
    );
  }
  return result.stdout.split('\n').slice(0, -1);
}

/** Runs `use` in a new directory and removes it. */
export function withDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'gate-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
