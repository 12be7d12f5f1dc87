import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { readVariable } from '../../env.ts';
import { errorCode } from '../../error-code.ts';
import { ownName } from '../../own-name.ts';
import { missingProgram } from '../../own-program.ts';
import { createPackageReader } from '../../packages.ts';
import { governedScript } from '../../policy/script-launchers.ts';
import { findRepository, readText, repositoryFacts } from '../../repository.ts';
import { homeOf } from '../../state-directory.ts';
import { findBlock, shellMarks } from '../init/marked-block.ts';
import { type Examination, type Finding, ok } from './finding.ts';

/** How long a login shell may take to start, in milliseconds: a user's rc files are slow, but not for ever. */
const shellPatienceMs = 10_000;

function governedScriptFinding({ cwd, environment }: Examination): Finding {
  const subject = 'governed script';
  const packages = createPackageReader();
  if (packages.nearest(cwd) === null) {
    return { subject, health: 'off', detail: 'there is no package.json here', mend: null };
  }
  const at = repositoryFacts(cwd, packages).governedScriptAt;
  if (at === null) {
    return {
      subject,
      health: 'off',
      detail: `no package.json from here to the top of the repository has a script ${governedScript}`,
      mend: `${ownName(environment)} init`,
    };
  }
  const holder = packages.nearest(at === '.' ? cwd : resolve(cwd, at));
  const text = holder?.scripts[governedScript] ?? '';
  const fault = holder === null ? null : scriptFault(text, holder.directory);
  if (fault !== null) {
    return { subject, health: 'broken', detail: fault, mend: `set it to "test-governor run"` };
  }
  const missing =
    holder === null || !/^test-governor\b/.test(text) ? null : missingProgram(holder.directory, environment);
  return missing === null
    ? ok(subject, `${governedScript} is there`)
    : { subject, health: 'broken', ...missing };
}

/** Why the script that every message names starts no governed run; null when it does, as far as its text tells. */
function scriptFault(text: string, directory: string): string | null {
  if (!/\btest-governor\b/.test(text)) return `${governedScript} is "${text}", which starts no governed run`;
  const file = /^node\s+([\w./-]+)/.exec(text)?.[1];
  return file === undefined || existsSync(resolve(directory, file))
    ? null
    : `${governedScript} starts ${file}, which is not there`;
}

/** The hook that an rc file sources, by our lines or by the user's own. */
function rcState(path: string): 'marked' | 'own' | 'missing-hook' | 'none' {
  const text = readText(path);
  if (text === null) return 'none';
  const found = findBlock(text, shellMarks);
  const hook = /\bif \[ -r '(.*)' \]; then \. /.exec(found.kind === 'found' ? found.text : '')?.[1];
  if (hook !== undefined) return existsSync(hook.replaceAll("'\\''", "'")) ? 'marked' : 'missing-hook';
  return /^[^#\n]*\bhooks\/guarded\.sh\b/m.test(text) ? 'own' : 'none';
}

function rcFinding({ environment }: Examination): Finding {
  const subject = 'rc lines';
  const home = homeOf(environment);
  const states = ['.bashrc', '.zshenv'].map((name) => ({ name, state: rcState(join(home, name)) }));
  const gone = states.filter(({ state }) => state === 'missing-hook').map(({ name }) => `~/${name}`);
  if (gone.length > 0) {
    return {
      subject,
      health: 'broken',
      detail: `${gone.join(' and ')} sources a hook that is not there any more`,
      mend: `${ownName(environment)} init --rc`,
    };
  }
  const there = states.filter(({ state }) => state !== 'none').map(({ name }) => `~/${name}`);
  return there.length === 0
    ? {
        subject,
        health: 'off',
        detail:
          'neither ~/.bashrc nor ~/.zshenv sources the hook: a shell that is not started from a guarded one is not guarded',
        mend: `${ownName(environment)} init --rc`,
      }
    : ok(subject, `${there.join(' and ')} ${there.length === 1 ? 'sources' : 'source'} the hook`);
}

/** What a login shell says of its PATH. */
type LoginPath =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'not-installed' }
  | { readonly kind: 'no-answer' };

/** What is left of our environment in a login shell, asked of one that starts: profiles often set PATH anew. */
function loginShellPath(shell: string, { environment, cwd }: Examination): LoginPath {
  const { error, status, stdout } = spawnSync(shell, ['-lc', 'printf "\\n%s" "$PATH"'], {
    cwd,
    env: { ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: shellPatienceMs,
  });
  if (errorCode(error) === 'ENOENT') return { kind: 'not-installed' };
  const path = stdout?.split('\n').at(-1);
  return error === undefined && status === 0 && path !== undefined
    ? { kind: 'path', path }
    : { kind: 'no-answer' };
}

function loginShellFinding(shell: 'bash' | 'zsh', examination: Examination): readonly Finding[] {
  const { environment, root } = examination;
  const shims = join(root, 'shims');
  // Only a guarded shell has something to lose.
  if ((environment.PATH ?? '').split(delimiter)[0] !== shims) return [];
  const subject = `${shell} as a login shell`;
  const answer = loginShellPath(shell, examination);
  if (answer.kind === 'not-installed') return [];
  if (answer.kind === 'no-answer') {
    const detail = `it did not start and say its PATH within ${shellPatienceMs / 1000} s: its profile is slow, or fails`;
    return [{ subject, health: 'unseen', detail, mend: `see where it stays: ${shell} -xlc true` }];
  }
  const { path } = answer;
  const place = path.split(delimiter).indexOf(shims);
  if (place === 0) return [ok(subject, 'keeps the shims first on PATH')];
  const profile = shell === 'bash' ? '~/.bash_profile' : '~/.zshrc or ~/.zprofile';
  return [
    {
      subject,
      health: 'broken',
      detail:
        place === -1
          ? 'its profile sets PATH without the shims: programs below it are not seen by name'
          : `its profile puts ${place} directories before the shims: programs there are not seen by name`,
      mend: `let the line that sets PATH in ${profile} keep $PATH first, or source the hook at the end of that file`,
    },
  ];
}

/** Turbo's strict mode gives tasks only what its config names (https://turborepo.com/docs/reference/configuration, envMode). */
function turboFinding({ cwd, envPrefix }: Examination): readonly Finding[] {
  const top = findRepository(cwd)?.top ?? cwd;
  const text = readText(join(top, 'turbo.json')) ?? readText(join(top, 'turbo.jsonc'));
  if (text === null) return [];
  const subject = 'turbo';
  const isPassed = text.includes(`"${envPrefix}_*"`) || /"envMode"\s*:\s*"loose"/.test(text);
  if (isPassed) return [ok(subject, `its tasks get ${envPrefix}_* variables`)];
  if (process.platform === 'linux') {
    return [
      ok(
        subject,
        `its strict mode takes ${envPrefix}_* from tasks; they are read from the processes above them`,
      ),
    ];
  }
  return [
    {
      subject,
      health: 'broken',
      detail: `its strict mode takes ${envPrefix}_* from tasks, and this system shows no other process's environment`,
      mend: `add "globalPassThroughEnv": ["${envPrefix}_*"] to turbo.json`,
    },
  ];
}

function nodeOptionsFinding({ environment }: Examination): readonly Finding[] {
  const options = environment.NODE_OPTIONS ?? '';
  return /--(?:experimental-)?(?:permission|policy)\b/.test(options)
    ? [
        {
          subject: 'NODE_OPTIONS',
          health: 'broken',
          detail: 'it restricts what node may load, so the preload is left out',
          mend: 'export NODE_OPTIONS without --permission, and give that flag to the programs that need it',
        },
      ]
    : [];
}

/** The user's own start files, which ours read after themselves; others lose to ours while the shell is guarded. */
function foreignStartFiles({ environment, root, envPrefix }: Examination): readonly Finding[] {
  const isGuarded = readVariable(environment, envPrefix, 'GUARD_ROOT') !== undefined;
  if (!isGuarded) return [];
  const bashEnv = environment.BASH_ENV;
  const ours = join(root, 'hooks');
  return bashEnv === undefined || bashEnv === '' || bashEnv.replace(/\\(.)/g, '$1').startsWith(ours)
    ? []
    : [
        {
          subject: 'BASH_ENV',
          health: 'broken',
          detail: `${bashEnv} took the place of ours after this shell was guarded: scripts below are not seen by their text`,
          mend: 'set BASH_ENV before the hook is sourced: it is then read after ours',
        },
      ];
}

/** What only a new environment will show. */
function scrubbedFinding(): Finding {
  return {
    subject: 'scrubbed environments',
    health: 'unseen',
    detail: 'env -i, sudo, su -, cron and containers start without our variables, and so unguarded',
    mend: 'inside of them: the rc lines (test-governor init --rc as that user), or with-guard <command>',
  };
}

/** What stands around the layers: the script and rc lines that lead to them, and what would take them away again. */
export function surroundingFindings(examination: Examination): readonly Finding[] {
  return [
    governedScriptFinding(examination),
    rcFinding(examination),
    ...loginShellFinding('bash', examination),
    ...loginShellFinding('zsh', examination),
    ...turboFinding(examination),
    ...nodeOptionsFinding(examination),
    ...foreignStartFiles(examination),
    scrubbedFinding(),
  ];
}
