import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import schema from '../../schemas/status.schema.json';
import { factsIn, scanEvents } from '../../src/insight/status/scan.ts';
import { parseSince } from '../../src/insight/status/since.ts';
import { tallyPeriods } from '../../src/insight/status/tally.ts';
import { serializeEvent } from '../../src/telemetry/event.ts';
import { guardedRoot, openTerminal } from '../helpers/shell.ts';
import { openRunLab, type RunLab, written } from '../runner/run-lab.ts';
import { sampleEvent, sampleRunEvent } from '../telemetry/sample.ts';

const run = promisify(execFile);
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
const governor = join(guardedRoot, 'bin/test-governor');

function writeEvents(lab: RunLab, lines: readonly string[]): void {
  mkdirSync(lab.state, { recursive: true, mode: 0o700 });
  writeFileSync(join(lab.state, 'events.jsonl'), lines.join(''));
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('what is counted', () => {
  const lines = [
    serializeEvent(sampleEvent({ ts: hoursAgo(1), outcome: 'blocked', form: 'npx' })),
    serializeEvent(sampleEvent({ ts: hoursAgo(1), outcome: 'blocked', form: 'npx' })),
    serializeEvent(sampleEvent({ ts: hoursAgo(1), outcome: 'blocked', form: 'bare' })),
    serializeEvent(sampleEvent({ ts: hoursAgo(1), outcome: 'warned' })),
    serializeEvent(sampleEvent({ ts: hoursAgo(1), outcome: 'overridden', override_policy_used: true })),
    serializeEvent(sampleRunEvent({ ts: hoursAgo(1), queued_ms: 3000, override_policy_used: true })),
    serializeEvent(sampleRunEvent({ ts: hoursAgo(1), queued_ms: 1000 })),
    serializeEvent(sampleRunEvent({ ts: hoursAgo(1), override_overload_used: true, queued_ms: 0 })),
    serializeEvent(sampleRunEvent({ ts: hoursAgo(1), outcome: 'wait-timed-out', queued_ms: 8000 })),
    serializeEvent(sampleRunEvent({ ts: hoursAgo(100), queued_ms: 90_000 })),
    '{"schema":1,"event":"run","ts":"torn',
    'not ours at all\n',
  ];

  test('is what the events of the period say, and torn and foreign lines are passed over', () => {
    const lab = openRunLab();
    writeEvents(lab, lines);
    const since = [new Date(hoursAgo(2)), new Date(hoursAgo(200))];
    const [recent, all] = tallyPeriods(scanEvents(lab.state, hoursAgo(200)), since);
    expect(recent).toMatchObject({
      runs: 3,
      warned: 1,
      blocked: 3,
      blockedByForm: { npx: 2, bare: 1 },
      policyOverrides: 1,
      policyOverrideRate: 1 / 8,
      overloadOverrides: 1,
      averageWaitMs: 4000,
      longestWaitMs: 8000,
      waitsTimedOut: 1,
    });
    expect(all).toMatchObject({ runs: 4, longestWaitMs: 90_000 });
  });

  test('is nothing of a pipe in the place of the events, and nobody waits for its other end', async () => {
    const lab = openRunLab();
    mkdirSync(lab.state, { mode: 0o700 });
    execFileSync('mkfifo', [join(lab.state, 'events.jsonl')]);
    const options = { cwd: lab.path, env: lab.environment(), timeout: 20_000 };
    const { stdout } = await run(governor, ['status', '--json'], options);
    expect(JSON.parse(stdout).periods).toMatchObject([{ runs: 0 }, { runs: 0 }]);
  });

  test('is read from a line without parsing it, and agrees with the parsed line', () => {
    const event = sampleRunEvent({ wait_reason: 'memory: needs "2,048" MB', queued_ms: 12 });
    expect(factsIn(serializeEvent(event).trimEnd())).toMatchObject({
      ts: event.ts,
      event: 'run',
      outcome: 'ended',
      queuedMs: 12,
      overridesPolicy: false,
    });
    expect(factsIn('{"schema":1}')).toBeNull();
  });

  test.each([
    ['90m', 5_400_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
  ])('--since %s begins so many milliseconds ago', (text, milliseconds) => {
    const now = new Date('2026-03-03T12:00:00Z');
    expect(now.getTime() - (parseSince(text, now)?.getTime() ?? 0)).toBe(milliseconds);
  });

  test.each(['', 'yesterday', '7', '-1d', '7x'])('--since %j is no period', (text) => {
    expect(parseSince(text, new Date())).toBeNull();
  });
});

describe('test-governor status', () => {
  test('shows the run that holds the queue, who waits and why, in words and as its schema says', async () => {
    const lab = openRunLab();
    lab.runner('echo up >"$LAB/up"; while ! test -e "$LAB/go"; do sleep 0.02; done');
    const holder = lab.start();
    await written(lab.file('up'));
    const waiter = lab.start();
    let text = '';
    await new Promise<void>((resolve) => {
      waiter.child.stderr?.on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('waiting, 1st in line')) resolve();
      });
    });
    const options = { cwd: lab.path, env: lab.environment() };
    const { stdout: json } = await run(governor, ['status', '--json'], options);
    const status = JSON.parse(json);
    expect({ valid: validate(status), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(status).toMatchObject({
      queue: { holders: [{ state: 'running', class: 'pytest' }], tickets: [{ position: 1 }] },
      reject_reason: expect.stringMatching(/^cpu: needs 1 slot, 0 of 1 free$/),
    });
    const { stdout } = await run(governor, ['status'], options);
    expect(stdout).toMatch(/running .*pytest/);
    expect(stdout).toContain('waits for  cpu: needs 1 slot, 0 of 1 free');
    expect(stdout).toContain('The last seven days');
    writeFileSync(lab.file('go'), '');
    expect(await holder.ended).toMatchObject({ status: 0 });
    expect(await waiter.ended).toMatchObject({ status: 0 });
  });

  test('refuses a period that is none with 64', async () => {
    const lab = openRunLab();
    const child = spawn(governor, ['status', '--since', 'soon'], {
      cwd: lab.path,
      env: lab.environment(),
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([64, null]);
  });

  test('--watch shows it again and again in place on a terminal', async () => {
    const lab = openRunLab();
    const terminal = openTerminal({
      command: governor,
      args: ['status', '--watch'],
      cwd: lab.path,
      env: lab.environment({ TERM: 'xterm' }),
    });
    await terminal.waitFor(/free: nobody runs, nobody waits/);
    await terminal.waitFor(/free: nobody runs, nobody waits/);
    terminal.send('\u0003');
    await terminal.ended();
  });
});
