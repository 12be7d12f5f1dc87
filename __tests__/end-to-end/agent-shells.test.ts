import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { guardedRoot } from '../helpers/shell.ts';
import type { AgentShell, Command, Reach } from './agent-shells/plan.ts';
import { type Guard, type Outcome, tryForm } from './agent-shells/rig.ts';
import { agentShells } from './agent-shells/table.ts';

const patience = 150_000;

const ending42: Command = { text: `sh -c 'exit 42'`, argv: ['sh', '-c', 'exit 42'] };
const succeeding: Command = { text: 'true', argv: ['true'] };
const throughNpx: Command = { text: 'npx jest', argv: ['npx', 'jest'] };
const byPath: Command = { text: './node_modules/.bin/jest', argv: ['./node_modules/.bin/jest'] };

/** The command as agents like to write it: its output cut short, its status covered by another's. */
function cut(command: Command): Command {
  return { text: `${command.text} 2>&1 | tail -5`, argv: null };
}

const raw: readonly Command[] = [throughNpx, byPath];
const rawAndCut: readonly Command[] = [...raw, ...raw.map(cut)];

const blocked = 'blocked, 126, said once';
const covered = 'not run, status 0, said once';
const ran = 'the tests ran';

/** What became of a raw test run, in words that a failure can show. */
function fate({ status, output, ran: really }: Outcome): string {
  if (really) return ran;
  const said = output.split('no tests ran').length - 1;
  const times = said === 1 ? 'said once' : `said ${said} times: ${output}`;
  return `${status === 126 ? 'blocked, 126' : `not run, status ${status}`}, ${times}`;
}

function expectedFate(command: string, reach: Reach): string {
  switch (reach) {
    case 'nothing':
      return ran;
    case 'everywhere':
      return blocked;
    case 'alone':
      return command.includes('|') ? covered : blocked;
    default:
      return reach satisfies never;
  }
}

async function expectReach(form: AgentShell, guard: Guard, reach: Reach): Promise<void> {
  const commands = reach === 'nothing' ? [byPath] : rawAndCut;
  const { outcomes, events } = await tryForm(form, guard, [ending42, succeeding, ...commands]);
  const [failed, succeeded, ...runs] = outcomes;
  expect({ ending42: failed?.status, succeeding: succeeded?.status }).toEqual({
    ending42: 42,
    succeeding: 0,
  });
  expect(runs.map((run) => `${run.command}: ${fate(run)}`)).toEqual(
    runs.map((run) => `${run.command}: ${expectedFate(run.command, reach)}`),
  );
  expect(runs.length).toBeGreaterThan(0);
  // One command, one decision, however many layers saw it.
  expect(events).toBe(reach === 'nothing' ? 0 : runs.length);
}

describe('without the guard', () => {
  test.concurrent.each(agentShells.map((form) => ({ name: form.name, form })))(
    'tests run in: $name',
    async ({ form }) => {
      // Jest alone, not npx: it shows that the form works, and npx would cost a second more in each.
      const { outcomes } = await tryForm(form, 'none', [ending42, succeeding, byPath]);
      expect(outcomes.map(({ status, ran }) => ({ status, ran }))).toEqual([
        { status: 42, ran: false },
        { status: 0, ran: false },
        { status: 0, ran: true },
      ]);
    },
    patience,
  );
});

describe('below with-guard', () => {
  test.concurrent.each(agentShells.map((form) => ({ name: form.name, reach: form.withGuard, form })))(
    'reaches $reach in: $name',
    ({ form, reach }) => expectReach(form, 'with-guard', reach),
    patience,
  );
});

describe('with the guard in the rc files', () => {
  // Where rc lines reach nothing there is nothing to show that the unguarded run has not shown.
  const reached = agentShells.filter((form) => form.rcLines !== 'nothing');
  test.concurrent.each(reached.map((form) => ({ name: form.name, reach: form.rcLines, form })))(
    'reaches $reach in: $name',
    ({ form, reach }) => expectReach(form, 'rc-lines', reach),
    patience,
  );
});

test('docs/agent-shells.md says of every form what reaches it', () => {
  const page = readFileSync(join(guardedRoot, 'docs/agent-shells.md'), 'utf8');
  const rows = agentShells.map((form) => `| ${form.name} | ${form.withGuard} | ${form.rcLines} |`);
  expect(page.split('\n').filter((line) => /\| (everywhere|alone|nothing) \|$/.test(line))).toEqual(rows);
});
