import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLoadAverage } from '../../src/admission/load.ts';
import { lookAtMachine } from '../../src/admission/machine.ts';
import { parseVmStat, probeDarwin, type Runs } from '../../src/admission/pressure/darwin.ts';
import { judge, readSignals } from '../../src/admission/pressure/index.ts';
import { criticalFloorMb, describeSignals, nextLevel } from '../../src/admission/pressure/level.ts';
import { parseStall, probeLinux } from '../../src/admission/pressure/linux.ts';
import type { MeasuredSignals } from '../../src/admission/pressure/signals.ts';
import type { PressureLevel } from '../../src/telemetry/event.ts';
import { scratch } from '../telemetry/support.ts';
import { nestedGroups, plainMachine, plant, pressure, v1Container, v2Container } from './tree.ts';

function signals(parts: Partial<MeasuredSignals> = {}): MeasuredSignals {
  return {
    kind: 'measured',
    memoryStall: 0,
    cpuStall: 0,
    ioStall: 0,
    availableMb: 12_000,
    totalMb: 16_000,
    systemLevel: null,
    ...parts,
  };
}

describe('the pressure level', () => {
  test.each<[string, Partial<MeasuredSignals>, PressureLevel, PressureLevel, PressureLevel]>([
    // signals, then the level after normal, after warn and after critical
    ['an idle machine', {}, 'normal', 'normal', 'normal'],
    ['memory stalls of 4.9 %', { memoryStall: 4.9 }, 'normal', 'normal', 'normal'],
    ['memory stalls of 7 %', { memoryStall: 7 }, 'normal', 'warn', 'warn'],
    ['memory stalls of 10 %', { memoryStall: 10 }, 'warn', 'warn', 'warn'],
    ['memory stalls of 20 %', { memoryStall: 20 }, 'warn', 'warn', 'critical'],
    ['memory stalls of 25 %', { memoryStall: 25 }, 'critical', 'critical', 'critical'],
    ['a fifth available', { availableMb: 3200 }, 'warn', 'warn', 'warn'],
    ['a little more than a fifth available', { availableMb: 3201 }, 'normal', 'warn', 'warn'],
    ['more than a quarter available', { availableMb: 4001 }, 'normal', 'normal', 'normal'],
    ['a tenth available', { availableMb: 1600 }, 'critical', 'critical', 'critical'],
    ['a little more than a tenth available', { availableMb: 1601 }, 'warn', 'warn', 'critical'],
    ['more than three twentieths available', { availableMb: 2401 }, 'warn', 'warn', 'warn'],
    ['4 GB of 512 available', { availableMb: 4096, totalMb: 524_288 }, 'warn', 'warn', 'warn'],
    ['6 GB of 512 available', { availableMb: 6000, totalMb: 524_288 }, 'normal', 'normal', 'normal'],
    ['2 GB of 512 available', { availableMb: 2048, totalMb: 524_288 }, 'critical', 'critical', 'critical'],
    ['a busy build', { cpuStall: 100, ioStall: 100 }, 'warn', 'warn', 'warn'],
    ['cpu stalls of 50 %', { cpuStall: 50 }, 'normal', 'warn', 'warn'],
    ['io stalls of 35 %', { ioStall: 35 }, 'normal', 'warn', 'warn'],
    ['no PSI', { memoryStall: null, cpuStall: null, ioStall: null }, 'normal', 'normal', 'normal'],
    ['the system says warn', { systemLevel: 'warn', availableMb: 0 }, 'warn', 'warn', 'warn'],
    ['the system says normal', { systemLevel: 'normal', availableMb: 0 }, 'normal', 'normal', 'normal'],
  ])('with %s follows from the signals and the level before', (_, parts, normal, warn, critical) => {
    const levelAfter = (previous: PressureLevel | null) => nextLevel(previous, signals(parts));
    expect([levelAfter('normal'), levelAfter('warn'), levelAfter('critical')]).toEqual([
      normal,
      warn,
      critical,
    ]);
    // The first look, and the look after one that failed, have nothing to hold on to.
    expect([levelAfter(null), levelAfter('unknown')]).toEqual([normal, normal]);
  });

  test('is unknown when the probe failed, whatever it was before', () => {
    const failed = { kind: 'unknown', probe: '/proc/meminfo', reason: 'x' } as const;
    for (const previous of [null, 'normal', 'critical', 'unknown'] as const) {
      expect(judge(previous, failed)).toEqual({ level: 'unknown', signals: failed });
    }
  });

  const rank = { normal: 0, warn: 1, critical: 2, unknown: 3 };
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  const anySignals = fc
    .record({
      memoryStall: fc.option(percent),
      cpuStall: fc.option(percent),
      ioStall: fc.option(percent),
      totalMb: fc.integer({ min: 1, max: 1_000_000 }),
      available: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ available, ...parts }) =>
      signals({ ...parts, availableMb: Math.floor(parts.totalMb * available) }),
    );
  const levels = ['normal', 'warn', 'critical'] as const;

  test('is never lower after a higher level, nor on a machine that is worse off', () => {
    fc.assert(
      fc.property(anySignals, fc.nat(), fc.nat(50), (some, taken, more) => {
        const worse: MeasuredSignals = {
          ...some,
          availableMb: Math.max(0, some.availableMb - taken),
          memoryStall: some.memoryStall === null ? null : some.memoryStall + more,
        };
        const after = levels.map((previous) => rank[nextLevel(previous, some)]);
        expect(after).toEqual([...after].sort());
        levels.forEach((previous, index) => {
          expect(rank[nextLevel(previous, worse)]).toBeGreaterThanOrEqual(after[index] ?? 0);
        });
      }),
    );
  });

  test('settles: the same signals again change nothing', () => {
    fc.assert(
      fc.property(anySignals, fc.constantFrom(null, ...levels), (some, previous) => {
        const once = nextLevel(previous, some);
        expect(nextLevel(nextLevel(once, some), some)).toBe(nextLevel(once, some));
      }),
    );
  });

  test('becomes critical exactly where admission keeps memory free', () => {
    const totalMb = 16_000;
    const floor = criticalFloorMb(totalMb);
    expect(nextLevel(null, signals({ totalMb, availableMb: floor }))).toBe('critical');
    expect(nextLevel(null, signals({ totalMb, availableMb: floor + 1 }))).toBe('warn');
  });

  test('is explained with its figures', () => {
    expect(describeSignals(signals({ memoryStall: 31.2, availableMb: 1204 }))).toBe(
      'memory stalls 31.2 %, 1,204 MB of 16,000 MB available',
    );
    expect(describeSignals(signals({ memoryStall: null, systemLevel: 'critical' }))).toBe(
      'the system says critical, 12,000 MB of 16,000 MB available',
    );
  });
});

let home = scratch();
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

describe('Linux (recorded trees)', () => {
  test('shows PSI, what is available and the total', () => {
    expect(probeLinux(plant(home.path, plainMachine))).toEqual({
      kind: 'measured',
      memoryStall: 0,
      cpuStall: 3.5,
      ioStall: 0.1,
      availableMb: 12_000,
      totalMb: 16_384,
      systemLevel: null,
    });
  });

  test.each([
    // 4 GB limit, 3 GB used of which 0.75 GB are page cache; its own stalls are worse than the machine's.
    ['a group that is limited', nestedGroups, { availableMb: 1792, totalMb: 4096, memoryStall: 12 }],
    ['a v1 container', v1Container, { availableMb: 1280, totalMb: 2048 }],
    ['a v2 container', v2Container, { availableMb: 512, totalMb: 1024 }],
  ])('in %s shows what is left of its limit, page cache counted as free', (_, files, expected) => {
    expect(probeLinux(plant(home.path, files))).toMatchObject(expected);
  });

  test('without PSI still shows memory', () => {
    plant(home.path, plainMachine);
    rmSync(join(home.path, 'proc/pressure'), { recursive: true });
    expect(probeLinux(home.path)).toMatchObject({ memoryStall: null, cpuStall: null, availableMb: 12_000 });
  });

  test.each([
    ['is not there', null, 'it cannot be read (ENOENT)'],
    ['is empty', '', 'it has no MemTotal'],
    ['is of a kernel before 3.14', 'MemTotal: 16 kB\nMemFree: 1 kB\n', 'it has no MemAvailable'],
  ])('whose meminfo %s is unknown, and the probe is named', (_, text, reason) => {
    if (text !== null) plant(home.path, { '/proc/meminfo': text });
    expect(probeLinux(home.path)).toEqual({ kind: 'unknown', probe: '/proc/meminfo', reason });
    expect(lookAtMachine('normal', home.path)).toEqual({
      pressure: { level: 'unknown', signals: { kind: 'unknown', probe: '/proc/meminfo', reason } },
      load: { kind: 'unknown', probe: '/proc/loadavg', reason: 'it cannot be read' },
    });
  });

  test.each(['', 'full avg10=1.00 avg60=0 avg300=0 total=1\n', 'some avg10=x total=y\n', '\0\0'])(
    'takes %j for no pressure file',
    (text) => expect(parseStall(text)).toBeNull(),
  );

  test('reads the pressure file of the kernel', () => {
    expect(parseStall(pressure(98.76, 43_570_016))).toEqual(98.76);
  });

  test('reads the load average', () => {
    expect(readLoadAverage(plant(home.path, plainMachine))).toEqual({ kind: 'measured', average: 0.42 });
  });
});

// Recorded output of other people's Macs, of the lines that are read: HMCL-dev/HMCL#4876 (Apple silicon, memory short)
// and wazuh/wazuh#22113 (Intel, most of it free). Nothing here has run on a Mac.
const shortOfMemory = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                3857.
Pages active:                            446206.
Pages inactive:                          443760.
Pages speculative:                         1075.
Pages wired down:                        181483.
"Translation faults":                8667427138.
`;
const mostlyFree = `Mach Virtual Memory Statistics: (page size of 4096 bytes)
Pages free:                             6127229.
Pages active:                            485320.
Pages inactive:                          628646.
Pages speculative:                       430715.
Pages wired down:                        715958.
"Translation faults":                  11477162.
`;

describe('macOS (recorded output)', () => {
  const recorded =
    (level: string, statistics = shortOfMemory): Runs =>
    (file) =>
      file.endsWith('sysctl') ? level : statistics;

  test.each([
    ['1\n', 'normal'],
    ['2\n', 'warn'],
    ['4\n', 'critical'],
  ])("takes the kernel's level %j for %s", (output, level) => {
    const read = probeDarwin(recorded(output), 24 * 1024 ** 3);
    expect(read).toMatchObject({ systemLevel: level, availableMb: 7010, totalMb: 24_576, memoryStall: null });
    expect(judge('critical', read).level).toBe(level);
  });

  test('counts free, speculative and inactive pages as available', () => {
    expect(parseVmStat(shortOfMemory)).toBe((3857 + 1075 + 443_760) * 16_384);
    expect(parseVmStat(mostlyFree)).toBe((6_127_229 + 430_715 + 628_646) * 4096);
  });

  test.each<[string, Runs, string]>([
    ['a value that is none of them', recorded('3\n'), 'sysctl kern.memorystatus_vm_pressure_level'],
    ['no value', recorded(''), 'sysctl kern.memorystatus_vm_pressure_level'],
    ['a vm_stat of another shape', recorded('1\n', 'Pages free: many\n'), 'vm_stat'],
  ])('is unknown with %s', (_, runs, probe) => {
    expect(probeDarwin(runs, 1)).toMatchObject({ kind: 'unknown', probe });
  });

  test('is unknown where its programs cannot be run, and they are named', () => {
    const read = probeDarwin(() => {
      throw Object.assign(new Error('spawn'), { code: 'ENOENT' });
    }, 1);
    expect(read).toEqual({
      kind: 'unknown',
      probe: '/usr/sbin/sysctl -n kern.memorystatus_vm_pressure_level',
      reason: '/usr/sbin/sysctl failed (ENOENT)',
    });
  });
});

describe('a look at this machine', () => {
  test('gives a level and a load', () => {
    const { pressure: level, load } = lookAtMachine(null);
    expect(['normal', 'warn', 'critical']).toContain(level.level);
    expect(load).toMatchObject({ kind: 'measured' });
  });

  test('of a platform without a probe is unknown', () => {
    expect(judge(null, readSignals('/', 'aix'))).toEqual({
      level: 'unknown',
      signals: { kind: 'unknown', probe: 'the platform', reason: 'aix has no probe' },
    });
  });
});
