import { setTimeout as sleep } from 'node:timers/promises';
import { measureTotals } from '../admission/capacity.ts';
import { formatDecimal, formatMb } from '../admission/figures.ts';
import { type LoadVerdict, waitForLoad } from '../admission/load-wait.ts';
import { lookAtMachine } from '../admission/machine.ts';
import { monotonicMs } from '../clock.ts';
import { describeInvalid, loadConfig } from '../config.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { exitWith } from '../runner/output.ts';
import { standardError } from '../runner/standard-error.ts';
import { endWhenUnwritable } from '../runner/standard-streams.ts';
import { defaultMaxLoad, isThrottlingOn, readLoad } from '../settings.ts';
import { noWorkingDirectory, workingDirectory } from '../working-directory.ts';
import { type Detail, loadMonitorHelp, parseLoadMonitor } from './load-monitor-options.ts';
import { print } from './output.ts';

/** The limit in force (`maxLoad` null: none), or what is wrong with what was set for it. */
type Limit =
  | { readonly kind: 'ok'; readonly maxLoad: number | null }
  | { readonly kind: 'invalid'; readonly status: number; readonly sentence: string };

function limitInForce(asked: number | null): Limit {
  if (!isThrottlingOn(process.env)) return { kind: 'ok', maxLoad: null };
  if (asked !== null) return { kind: 'ok', maxLoad: asked };
  const text = process.env.MAX_LOAD;
  if (text !== undefined && text !== '') {
    const typed = readLoad('MAX_LOAD', text);
    return typed.kind === 'ok'
      ? { kind: 'ok', maxLoad: typed.value }
      : { kind: 'invalid', status: exitStatus.usage, sentence: typed.sentence };
  }
  const cwd = workingDirectory();
  if (cwd === null) return { kind: 'invalid', status: exitStatus.waitTimedOut, sentence: noWorkingDirectory };
  const config = loadConfig(cwd);
  if (config.kind === 'invalid') {
    return { kind: 'invalid', status: exitStatus.config, sentence: describeInvalid(config) };
  }
  return { kind: 'ok', maxLoad: (config.kind === 'ok' ? config.config.maxLoad : null) ?? defaultMaxLoad };
}

function percent(stall: number | null): string {
  return stall === null ? 'not known here' : `${formatDecimal(stall)} % of the last 10 s`;
}

function showSignals({ machine: { pressure } }: LoadVerdict): readonly string[] {
  const { signals } = pressure;
  const lines = [`CPUs           ${measureTotals().logicalCpu}`, `pressure       ${pressure.level}`];
  switch (signals.kind) {
    case 'unknown':
      return [...lines, `probe          ${signals.probe} failed: ${signals.reason}`];
    case 'measured':
      return [
        ...lines,
        `memory         ${formatMb(signals.availableMb)} of ${formatMb(signals.totalMb)} available`,
        `memory stalls  ${percent(signals.memoryStall)}`,
        `cpu stalls     ${percent(signals.cpuStall)}`,
        `io stalls      ${percent(signals.ioStall)}`,
      ];
    default:
      return signals satisfies never;
  }
}

function toJson({ go, sentence, machine: { load, pressure } }: LoadVerdict, maxLoad: number | null): string {
  const signals = pressure.signals.kind === 'measured' ? pressure.signals : null;
  return JSON.stringify({
    go,
    sentence,
    load: load.kind === 'measured' ? load.average : null,
    max_load: maxLoad,
    logical_cpu: measureTotals().logicalCpu,
    pressure_level: pressure.level,
    memory_available_mb: signals?.availableMb ?? null,
    memory_total_mb: signals?.totalMb ?? null,
    memory_stall_pct: signals?.memoryStall ?? null,
    cpu_stall_pct: signals?.cpuStall ?? null,
    io_stall_pct: signals?.ioStall ?? null,
  });
}

function linesFor(verdict: LoadVerdict, maxLoad: number | null, detail: Detail): readonly string[] {
  const line = `${verdict.go ? 'go' : 'no-go'}: ${verdict.sentence}`;
  switch (detail) {
    case 'quiet':
      return [];
    case 'plain':
      return [line];
    case 'verbose':
      return [line, ...showSignals(verdict)];
    case 'json':
      return [toJson(verdict, maxLoad)];
    default:
      return detail satisfies never;
  }
}

function say(sentence: string): void {
  standardError.say(`load-monitor: ${escapeForTerminal(sentence)}`);
}

/** Runs `load-monitor`. @returns the exit status: 0 go, 1 no-go, 64 bad usage, 75 no current directory, 78 an invalid config. */
async function main(words: readonly string[]): Promise<number> {
  const request = parseLoadMonitor(words);
  if (request.kind === 'help') {
    print(loadMonitorHelp);
    return 0;
  }
  if (request.kind === 'refused') {
    say(`${request.sentence} (load-monitor --help shows what there is)`);
    return exitStatus.usage;
  }
  const limit = limitInForce(request.maxLoad);
  if (limit.kind === 'invalid') {
    say(limit.sentence);
    return limit.status;
  }
  const verdict = await waitForLoad(limit.maxLoad, request.waitSeconds * 1000, {
    look: () => lookAtMachine(null),
    now: monotonicMs,
    sleep,
    say: request.detail === 'quiet' ? () => undefined : say,
  });
  const lines = linesFor(verdict, limit.maxLoad, request.detail);
  if (lines.length > 0) print(...lines);
  return verdict.go ? 0 : 1;
}

endWhenUnwritable('load-monitor', process.stdout);
exitWith(main(process.argv.slice(2)));
