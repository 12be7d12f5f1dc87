import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  betweenUpStepsMs,
  isStrained,
  nextStep,
  noThrottleMemory,
  remember,
  type Strain,
  sustainedMs,
  type ThrottledRun,
  type ThrottleMemory,
} from '../../../src/runner/throttle/decide.ts';

type State = ThrottledRun['state'];

/** Runs in the order of their tickets, oldest first, by their states. */
function line(...states: readonly State[]): readonly ThrottledRun[] {
  return states.map((state, index) => ({ id: `${index + 1}-00000000000000a${index}`, state }));
}

function stepOf(index: number, runs: readonly ThrottledRun[], memory: Partial<ThrottleMemory>) {
  return nextStep(runs[index]?.id ?? '', runs, { ...noThrottleMemory, ...memory });
}

const strained = { strainedMs: sustainedMs };
const calm = { calmMs: betweenUpStepsMs };

describe('what a run does about itself', () => {
  test.each<[string, readonly State[], Partial<ThrottleMemory>, readonly string[]]>([
    ['the youngest is slowed first', ['none', 'none', 'none'], strained, ['keep', 'keep', 'slow']],
    ['then frozen', ['none', 'none', 'slowed'], strained, ['keep', 'keep', 'freeze']],
    ['then the next youngest is slowed', ['none', 'none', 'frozen'], strained, ['keep', 'slow', 'keep']],
    ['and frozen', ['none', 'slowed', 'frozen'], strained, ['keep', 'freeze', 'keep']],
    ['the oldest is only slowed', ['none', 'frozen', 'frozen'], strained, ['slow', 'keep', 'keep']],
    ['and never frozen', ['slowed', 'frozen', 'frozen'], strained, ['keep', 'keep', 'keep']],
    ['one that runs alone is slowed', ['none'], strained, ['slow']],
    ['and never frozen', ['slowed'], strained, ['keep']],
    [
      'a moment of strain changes nothing',
      ['none', 'none'],
      { strainedMs: sustainedMs - 1 },
      ['keep', 'keep'],
    ],
    [
      'steps down leave each other time',
      ['none', 'slowed'],
      { ...strained, sinceStepMs: 100 },
      ['keep', 'keep'],
    ],
    ['the oldest frozen one goes on first', ['none', 'frozen', 'frozen'], calm, ['keep', 'thaw', 'keep']],
    ['frozen ones go on before slowed ones', ['slowed', 'slowed', 'frozen'], calm, ['keep', 'keep', 'thaw']],
    ['then the slowed ones', ['slowed', 'slowed'], calm, ['restore', 'keep']],
    ['steps up leave each other time', ['none', 'frozen'], { ...calm, sinceStepMs: 2000 }, ['keep', 'keep']],
    ['what became the oldest goes on, strain or not', ['frozen', 'none'], strained, ['thaw', 'slow']],
  ])('%s: %j', (_title, states, memory, expected) => {
    const runs = line(...states);
    expect(runs.map((_run, index) => stepOf(index, runs, memory))).toEqual(expected);
  });

  const anyState = fc.constantFrom<State>('none', 'slowed', 'frozen');
  const anyMemory = fc.record({
    strainedMs: fc.nat(10_000),
    calmMs: fc.nat(10_000),
    sinceStepMs: fc.nat(10_000),
    states: fc.constant(''),
  });

  test('is decided the same whatever order the leases are read in, and never freezes the oldest', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 1, maxLength: 8 }), anyMemory, (states, memory) => {
        const runs = line(...states);
        for (const { id } of runs) {
          const step = nextStep(id, runs, memory);
          expect(nextStep(id, [...runs].reverse(), memory)).toBe(step);
          if (id === runs[0]?.id) expect(step).not.toBe('freeze');
        }
      }),
    );
  });

  test('is a step of one run at a time, but for one that became the oldest', () => {
    fc.assert(
      fc.property(fc.array(anyState, { minLength: 2, maxLength: 8 }), anyMemory, (states, memory) => {
        const runs = line('none', ...states);
        const steps = runs.filter(({ id }) => nextStep(id, runs, memory) !== 'keep');
        expect(steps.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('strain', () => {
  const look = (load: number | null, isCritical = false): Strain => ({ load, isCritical, maxLoad: 10 });

  test.each<[Strain, boolean, boolean]>([
    [look(11), false, true],
    [look(9), false, false],
    [look(9), true, true],
    [look(7), true, false],
    [look(null), true, false],
    [look(null, true), false, true],
  ])('of %j after one that was strained=%s is %s', (strain, was, expected) => {
    expect(isStrained(strain, was)).toBe(expected);
  });

  test('is counted as long as it lasts, and a step of anybody is seen by all', () => {
    const runs = line('none', 'none');
    let memory = remember(noThrottleMemory, look(20), runs, 500);
    memory = remember(memory, look(20), runs, 500);
    expect(memory).toMatchObject({ strainedMs: 1000, calmMs: 0, sinceStepMs: 500 });
    memory = remember(memory, look(20), line('none', 'slowed'), 500);
    expect(memory).toMatchObject({ strainedMs: 1500, sinceStepMs: 0 });
    memory = remember(memory, look(1), line('none', 'slowed'), 500);
    expect(memory).toMatchObject({ strainedMs: 0, calmMs: 500, sinceStepMs: 500 });
  });
});
