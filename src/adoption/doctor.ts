import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describeInvalid, loadConfig } from '../config.ts';
import { defaultEnvPrefix, readVariable } from '../env.ts';
import { generate } from '../guard/generate.ts';
import { modeInForce } from '../mode.ts';
import { ownName } from '../own-name.ts';
import { type Examination, type Finding, ok, type Patient, sourceHook } from './doctor/finding.ts';
import { machineFindings } from './doctor/machine.ts';
import { surroundingFindings } from './doctor/surroundings.ts';
import { shellPath } from './shell-path.ts';

export type { Finding, Health } from './doctor/finding.ts';

function buildFinding({ root }: Examination): Finding {
  const asker = join(root, 'dist', 'ask.cjs');
  return existsSync(asker)
    ? ok('build', `${asker} is there`)
    : {
        subject: 'build',
        health: 'broken',
        detail: `${asker} is missing`,
        mend: `cd ${shellPath(root)} && npm run build`,
      };
}

function generatedFinding({ environment, root, envPrefix }: Examination): Finding {
  const subject = 'generated files';
  // Typed here: the prefix that they are to have stands in the config that holds here.
  const mend = `${ownName(environment)} generate`;
  const result = generate({ root, check: true, envPrefix });
  switch (result.kind) {
    case 'fresh':
    case 'written':
      return ok(subject, 'hooks/ and shims/ are what the templates and the policy give');
    case 'stale': {
      const { stale, missing, foreign } = result.drift;
      const names = [...stale, ...missing, ...foreign].join(', ');
      return {
        subject,
        health: 'broken',
        detail: `they differ from the templates and the policy: ${names}`,
        mend,
      };
    }
    case 'invalid':
      return { subject, health: 'broken', detail: result.problems.join('; '), mend };
    default:
      return result satisfies never;
  }
}

function modeFinding({ config, mode, envPrefix }: Examination): Finding {
  const subject = 'mode';
  if (config.kind === 'invalid') {
    return {
      subject,
      health: 'broken',
      detail: `the config is ignored: ${describeInvalid(config)}`,
      mend: `edit ${config.file}`,
    };
  }
  if (mode.unknown !== null) {
    const detail = `${envPrefix}_POLICY_MODE=${mode.unknown} is no mode; ${mode.mode} is used`;
    return {
      subject,
      health: 'broken',
      detail,
      mend: `export ${envPrefix}_POLICY_MODE=warn (or enforce, off)`,
    };
  }
  const sources = {
    environment: 'from the environment',
    shell: 'from what this shell was guarded with',
    config: `from ${config.kind === 'ok' ? config.file : 'the config'}`,
    default: 'by default',
  };
  const lowered = mode.lowered
    ? `; the shell was given ${mode.given}, so each raw run counts as an override`
    : '';
  return {
    subject,
    health: mode.mode === 'off' ? 'off' : 'ok',
    detail: `${mode.mode}, ${sources[mode.source]}${lowered}`,
    mend: null,
  };
}

/**
 * The hook of the shell that started us is a trap or an array of that shell, which no other process can see; a variable
 * that it exported would still be there in shells that do not have the hook.
 */
function textFinding(): Finding {
  return {
    subject: 'text hook',
    health: 'unseen',
    detail:
      'only the shell itself knows whether it has it: "type guard_off" finds a function at the prompt of one that has',
    mend: null,
  };
}

function shimsFinding({ environment, root }: Examination): Finding {
  const subject = 'PATH shims';
  const shims = join(root, 'shims');
  const path = (environment.PATH ?? '').split(delimiter);
  const place = path.indexOf(shims);
  if (place === 0) return ok(subject, `${shims} stands first on PATH`);
  if (place > 0) {
    const before = path.slice(0, place).join(', ');
    const detail = `before ${shims} stand on PATH: ${before}; programs there are not seen by name`;
    return { subject, health: 'broken', detail, mend: sourceHook(root) };
  }
  return { subject, health: 'off', detail: `${shims} is not on PATH`, mend: sourceHook(root) };
}

function preloadFinding({ environment, root, envPrefix }: Examination): Finding {
  const subject = 'node preload';
  // The exact words that the guard added: the file may stand in quotes, or be a stand-in that loads ours.
  const added = readVariable(environment, envPrefix, 'GUARD_PRELOAD');
  return added !== undefined && ` ${environment.NODE_OPTIONS ?? ''} `.includes(` ${added} `)
    ? ok(subject, 'NODE_OPTIONS requires it')
    : { subject, health: 'off', detail: 'NODE_OPTIONS does not require it', mend: sourceHook(root) };
}

function startFileFinding(
  { environment, root }: Examination,
  subject: string,
  variable: 'BASH_ENV' | 'ZDOTDIR',
  expected: string,
): Finding {
  const file = join(root, 'hooks', expected);
  const value = environment[variable] ?? '';
  return value === file || value.replace(/\\(.)/g, '$1') === file
    ? ok(subject, `${variable} leads to ours, and from there to your own`)
    : { subject, health: 'off', detail: `${variable} does not lead to ours`, mend: sourceHook(root) };
}

function pythonFinding({ environment, root }: Examination): Finding {
  const subject = 'python below';
  const [first] = (environment.PYTHONPATH ?? '').split(delimiter);
  return first === join(root, 'hooks', 'python')
    ? ok(subject, 'PYTHONPATH leads to ours, and from there to your own')
    : { subject, health: 'off', detail: 'PYTHONPATH does not lead to ours', mend: sourceHook(root) };
}

function nodeFinding(): Finding {
  const subject = 'node';
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 20
    ? ok(subject, `${process.version}, ${process.execPath}`)
    : {
        subject,
        health: 'broken',
        detail: `${process.version} is too old`,
        mend: 'install node 20 or later',
      };
}

/** The first line that a shell prints for `--version`; null when it is not installed. */
function shellVersion(shell: string): string | null {
  try {
    const text = execFileSync(shell, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    });
    return /\d+\.\d+[\w.]*/.exec(text)?.[0] ?? null;
  } catch {
    return null;
  }
}

function shellFinding(shell: 'bash' | 'zsh', oldest: string): Finding {
  const version = shellVersion(shell);
  if (version === null) return { subject: shell, health: 'off', detail: 'not installed', mend: null };
  const isOld = version.localeCompare(oldest, 'en', { numeric: true }) < 0;
  return isOld
    ? {
        subject: shell,
        health: 'broken',
        detail: `${version} is older than ${oldest}`,
        mend: `install ${shell} ${oldest} or later`,
      }
    : ok(shell, version);
}

/** Examines every layer and setting, in the order in which a command meets them. Starts shells, and changes nothing that stays. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const config = loadConfig(patient.cwd);
  const settings = config.kind === 'ok' ? config.config : {};
  const envPrefix = settings.envPrefix ?? defaultEnvPrefix;
  const mode = modeInForce(patient.environment, envPrefix, settings.mode);
  const examination: Examination = { ...patient, envPrefix, config, mode };
  return [
    modeFinding(examination),
    buildFinding(examination),
    generatedFinding(examination),
    textFinding(),
    shimsFinding(examination),
    preloadFinding(examination),
    startFileFinding(examination, 'bash below', 'BASH_ENV', 'bash-env.bash'),
    startFileFinding(examination, 'zsh below', 'ZDOTDIR', 'zsh'),
    pythonFinding(examination),
    ...surroundingFindings(examination),
    ...(await machineFindings(examination)),
    nodeFinding(),
    shellFinding('bash', '3.2'),
    shellFinding('zsh', '5.0'),
  ];
}
