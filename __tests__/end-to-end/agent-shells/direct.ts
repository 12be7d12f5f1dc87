import { dirname } from 'node:path';
import type { AgentShell, Command, EnvironmentPolicy, Place, Reach } from './plan.ts';

/** Programs that start the command themselves, without a shell between. */
const spawnFromNode = `
const [file, ...args] = process.argv.slice(1);
require('node:child_process').spawn(file, args, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
`;
const shellFromNode = `
require('node:child_process').spawn(process.argv[1], { shell: true, stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
`;
const execFromNode = `
require('node:child_process').exec(process.argv[1], (error, out, err) => { process.stdout.write(out + err); process.exit(error?.code ?? 0); });
`;
const runFromPython = 'import subprocess,sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)';
const shellFromPython = 'import subprocess,sys; sys.exit(subprocess.run(sys.argv[1], shell=True).returncode)';
const bashFromPython =
  'import subprocess,sys; sys.exit(subprocess.run(sys.argv[1], shell=True, executable="/bin/bash").returncode)';

function direct(
  name: string,
  reach: readonly [withGuard: Reach, rcLines: Reach],
  argv: (place: Place, command: Command) => readonly string[] | null,
): AgentShell {
  const [withGuard, rcLines] = reach;
  return {
    name,
    withGuard,
    rcLines,
    plan: (place) => ({ kind: 'one-shot', stdin: 'null', argv: (command) => argv(place, command) }),
  };
}

const prepend = (start: readonly string[], end: readonly string[] | null): readonly string[] | null =>
  end === null ? null : [...start, ...end];

const startedDirectly: readonly AgentShell[] = [
  direct('no shell at all: the agent execs the vector', ['alone', 'nothing'], (_, { argv }) => argv),
  direct('node spawn, argument vector', ['alone', 'nothing'], ({ node }, { argv }) =>
    prepend([node, '-e', spawnFromNode, '--'], argv),
  ),
  direct('node spawn with shell: true', ['alone', 'nothing'], ({ node }, { text }) => [
    node,
    '-e',
    shellFromNode,
    '--',
    text,
  ]),
  direct('node exec', ['alone', 'nothing'], ({ node }, { text }) => [node, '-e', execFromNode, '--', text]),
  direct('python subprocess, argument vector', ['alone', 'nothing'], ({ python }, { argv }) =>
    prepend([python, '-c', runFromPython], argv),
  ),
  direct('python subprocess with shell=True', ['alone', 'nothing'], ({ python }, { text }) => [
    python,
    '-c',
    shellFromPython,
    text,
  ]),
  direct('python subprocess with bash as its shell', ['everywhere', 'nothing'], ({ python }, { text }) => [
    python,
    '-c',
    bashFromPython,
    text,
  ]),
];

/** The names that Codex keeps with `inherit = "core"`. */
const core = 'PATH SHELL TMPDIR TEMP TMP HOME LANG LC_ALL LC_CTYPE LOGNAME USER'.split(' ');

/** What carries the guard where an agent can be told to set variables. */
const carriers = 'BASH_ENV ZDOTDIR NODE_OPTIONS BASESHOP_POLICY_MODE'.split(' ');

/** What Gemini keeps in its strict mode. */
const strict = 'PATH HOME SHELL TMPDIR USER LANG TERM CI'.split(' ');

function scrubbed(
  name: string,
  reach: readonly [withGuard: Reach, rcLines: Reach],
  start: readonly string[],
  environment: EnvironmentPolicy,
): AgentShell {
  const [withGuard, rcLines] = reach;
  return {
    name,
    withGuard,
    rcLines,
    plan: () => ({
      kind: 'one-shot',
      stdin: 'null',
      environment,
      argv: ({ text }) => [...start, text],
    }),
  };
}

/** The PATH of a login that knows nothing of the guard; node is on it, or no test could run at all. */
const barePath = ({ node }: Place): string => `PATH=${dirname(node)}:/usr/local/bin:/usr/bin:/bin`;

/** Agents that hand little or nothing of their environment on. */
const scrubbedForms: readonly AgentShell[] = [
  scrubbed('Codex, inherit=core: bash -lc', ['nothing', 'everywhere'], ['/bin/bash', '-lc'], { keep: core }),
  scrubbed('Codex, inherit=core: zsh -lc', ['alone', 'everywhere'], ['/bin/zsh', '-lc'], { keep: core }),
  scrubbed('Codex, inherit=core: bash -c', ['alone', 'nothing'], ['/bin/bash', '-c'], { keep: core }),
  scrubbed(
    'Codex, inherit=core and the guard in `set`: bash -lc',
    ['everywhere', 'everywhere'],
    ['/bin/bash', '-lc'],
    {
      keep: [...core, ...carriers],
    },
  ),
  scrubbed('Gemini CLI, strict: bash -c', ['alone', 'nothing'], ['/bin/bash', '-c'], { keep: strict }),
  scrubbed('mini-swe-agent in a container: bash -lc', ['nothing', 'everywhere'], ['bash', '-lc'], {
    keep: ['HOME'],
    set: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  }),
  {
    name: 'Codex, inherit=none: bash -c',
    withGuard: 'nothing',
    rcLines: 'nothing',
    plan: (place) => ({
      kind: 'one-shot',
      stdin: 'null',
      environment: { keep: [] },
      argv: ({ text }) => ['/bin/bash', '-c', `export ${barePath(place)}; ${text}`],
    }),
  },
  {
    name: 'env -i bash -c',
    withGuard: 'nothing',
    rcLines: 'nothing',
    plan: (place) => ({
      kind: 'one-shot',
      stdin: 'null',
      argv: ({ text }) => ['env', '-i', `HOME=${place.home}`, barePath(place), 'bash', '-c', text],
    }),
  },
  direct('env -i, no shell', ['nothing', 'nothing'], (place, { argv }) =>
    prepend(['env', '-i', `HOME=${place.home}`, barePath(place)], argv),
  ),
  {
    name: 'OpenHands as another user: the login shell of `su -`, environment scrubbed',
    withGuard: 'nothing',
    rcLines: 'everywhere',
    plan: (place) => ({
      kind: 'session',
      environment: {
        keep: ['HOME', 'LOGNAME', 'USER'],
        set: { SHELL: '/bin/bash', TERM: 'xterm', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/games' },
      },
      argv: ['/bin/bash'],
      argv0: '-bash',
      opening: [`cd ${place.workspace}`],
    }),
  },
];

/** Forms without a shell of the agent's own, and forms that scrub the environment. */
export const directForms: readonly AgentShell[] = [...startedDirectly, ...scrubbedForms];
