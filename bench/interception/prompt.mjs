// What the hook costs for a command that is no suspect, at a prompt: many `:` lines are typed into an interactive
// shell, which takes the time itself.
import { spawnSync } from 'node:child_process';
import { plainEnvironment, quote, root, scratchFile } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';
import { alternate, over } from '../lib/timing.mjs';

const hook = quote(`${root}/hooks/guarded.sh`);

/** Microseconds for one typed `:` in a shell that was set up with `setup`. */
function typing(shell, name, setup, lines) {
  const marks = {
    bash: ['t0=$EPOCHREALTIME', `printf 'TIME %s %s\\n' "$t0" "$EPOCHREALTIME"`],
    zsh: ['zmodload zsh/datetime; t0=$EPOCHREALTIME', `printf 'TIME %s %s\\n' "$t0" "$EPOCHREALTIME"`],
  };
  const [start, end] = marks[shell];
  // The empty lines let hooks that install themselves at a prompt do so.
  const text = [setup, ':', ':', start, ...Array(lines).fill(':'), end, 'exit', ''].join('\n');
  const file = scratchFile(`typing-${shell}-${name}`, text);
  const command =
    shell === 'bash'
      ? ['script', ['-qec', `bash --norc --noprofile --noediting -i < ${quote(file)}`, '/dev/null']]
      : ['sh', ['-c', `setsid zsh -f -i +Z < ${quote(file)} 2>/dev/null`]];
  return () => {
    const result = spawnSync(...command, {
      env: plainEnvironment({ PS1: '', PROMPT: '' }),
      encoding: 'latin1',
    });
    const times = /TIME (\d+\.\d+) (\d+\.\d+)/.exec(result.stdout);
    if (times === null) throw new Error(`${shell} with ${name} did not finish: ${result.stdout.slice(-300)}`);
    return ((Number(times[2]) - Number(times[1])) * 1e6) / lines;
  };
}

function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

const nodeEachTime = {
  bash: `trap 'node -e 0' DEBUG`,
  zsh: 'preexec() { node -e 0; }',
};

/** The least that a hook of this shell can be: what the shell itself takes for calling one. */
const emptyHook = {
  bash: { what: "a hook that does nothing (trap ':' DEBUG)", setup: `trap ':' DEBUG` },
  zsh: { what: 'a hook that does nothing (preexec() { :; })', setup: 'preexec() { :; }' },
};

async function measure(shell, atMost) {
  const cases = {
    none: typing(shell, 'none', ':', 5000),
    guarded: typing(shell, 'guarded', `source ${hook}`, 5000),
    empty: typing(shell, 'empty', emptyHook[shell].setup, 5000),
  };
  if (has('zoxide')) cases.zoxide = typing(shell, 'zoxide', `eval "$(zoxide init ${shell})"`, 2000);
  if (has('direnv')) cases.direnv = typing(shell, 'direnv', `eval "$(direnv hook ${shell})"`, 200);
  const times = await alternate(cases, 9);
  const slow = await alternate({ node: typing(shell, 'node', nodeEachTime[shell], 10) }, 3);
  const unit = ' µs';
  const met = row(`${shell}: the hook, for each command`, over(times.guarded, times.none), { atMost, unit });
  peer('no hook at all, the command itself', times.none, { unit });
  peer(emptyHook[shell].what, over(times.empty, times.none), { unit });
  for (const name of ['zoxide', 'direnv']) {
    if (times[name]) peer(`${name}'s hook`, over(times[name], times.none), { unit });
    else peer(`${name}'s hook`, 'not installed');
  }
  peer('a hook that starts node each time', over(slow.node, times.none), { unit });
  return met;
}

export const title = 'A command that is no suspect, at a prompt';

export async function run() {
  return [await measure('bash', 10), await measure('zsh', 20)];
}
