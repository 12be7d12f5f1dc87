import { describe, expect, test } from '@jest/globals';
import { waitForLoad } from '../../src/admission/load-wait.ts';
import type { Machine } from '../../src/admission/machine.ts';

const pressure: Machine['pressure'] = {
  level: 'unknown',
  signals: { kind: 'unknown', probe: 'x', reason: 'y' },
};

/** A world with a clock of its own, whose load follows from the time. */
function world(loadAt: (seconds: number) => number | null) {
  let clock = 5_000_000;
  const begin = clock;
  const said: string[] = [];
  return {
    said,
    elapsed: () => clock - begin,
    look: (): Machine => {
      const average = loadAt((clock - begin) / 1000);
      return {
        pressure,
        load:
          average === null
            ? { kind: 'unknown', probe: '/proc/loadavg', reason: 'it cannot be read' }
            : { kind: 'measured', average },
      };
    },
    now: () => clock,
    sleep: async (milliseconds: number) => {
      clock += milliseconds;
    },
    say: (sentence: string) => said.push(`${(clock - begin) / 1000} s: ${sentence}`),
  };
}

describe('waiting for the load', () => {
  test('says nothing when there is nothing to wait for', async () => {
    const idle = world(() => 1);
    expect(await waitForLoad(8, 60_000, idle)).toMatchObject({
      go: true,
      sentence: 'load: 1, MAX_LOAD is 8',
    });
    expect([idle.said, idle.elapsed()]).toEqual([[], 0]);
  });

  test('goes on within a second of the load falling', async () => {
    const busy = world((seconds) => (seconds < 12.5 ? 9.5 : 7.9));
    expect(await waitForLoad(8, 60_000, busy)).toMatchObject({ go: true });
    expect(busy.elapsed()).toBe(13_000);
    expect(busy.said).toEqual(['0 s: waiting for at most 60 s: load: 9.5 is above MAX_LOAD 8']);
  });

  test('says every 30 seconds that it waits and does not hang, and gives up in time', async () => {
    const busy = world((seconds) => 12 - seconds / 100);
    expect(await waitForLoad(8, 75_500, busy)).toMatchObject({ go: false });
    expect(busy.elapsed()).toBe(75_500);
    expect(busy.said).toEqual([
      '0 s: waiting for at most 75.5 s: load: 12 is above MAX_LOAD 8',
      '30 s: waiting, not hung, 30 of 75.5 s: load: 11.7 is above MAX_LOAD 8',
      '60 s: waiting, not hung, 60 of 75.5 s: load: 11.4 is above MAX_LOAD 8',
    ]);
  });

  test('looks once when there is no time to wait, and says nothing of waiting', async () => {
    const busy = world(() => 9);
    expect(await waitForLoad(8, 0, busy)).toMatchObject({ go: false });
    expect([busy.said, busy.elapsed()]).toEqual([[], 0]);
  });

  test('does not go by a load that cannot be read, unless load checks are off', async () => {
    const blind = world(() => null);
    expect(await waitForLoad(8, 2000, blind)).toMatchObject({
      go: false,
      sentence: 'pressure: unknown (the probe /proc/loadavg failed: it cannot be read)',
    });
    expect(blind.elapsed()).toBe(2000);
    expect(await waitForLoad(null, 2000, blind)).toMatchObject({
      go: true,
      sentence: 'load: unknown, load checks are off',
    });
  });
});
