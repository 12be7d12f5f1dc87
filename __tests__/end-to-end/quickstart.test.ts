import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { copyCheckout, npmCache, type Outcome, runProgram } from '../helpers/checkout';
import { baseEnvironment } from '../helpers/shell';

// Real programs on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(60_000);

const minutes = 60_000;
const home = realpathSync(mkdtempSync(join(tmpdir(), 'test-governor-')));
const checkout = join(home, 'a fresh clone');
const replacement = 'npm run test:governed -- jest -- packages/money';

/** A new user's environment, but for npm's cache; npm does not advertise itself. */
function newUser(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return baseEnvironment({ npm_config_cache: npmCache(), npm_config_update_notifier: 'false', ...more });
}

/** What was printed below a command line of the demonstration, up to its exit status. */
function shownFor(output: string, line: string): string {
  const [, rest = ''] = output.split(`  $ ${line}\n`);
  const [shown = ''] = rest.split(/(?<=└ exit status \d+\n)/);
  return shown;
}

describe('npm run quickstart, in a fresh clone where nothing is installed', () => {
  let first: Outcome = { status: null, output: '' };

  beforeAll(async () => {
    copyCheckout(checkout, { installed: false });
    first = await runProgram('npm', ['run', 'quickstart'], { cwd: checkout, env: newUser() });
  }, 9 * minutes);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('ends well, with every promise kept', () => {
    expect(first).toMatchObject({ status: 0, output: expect.stringContaining('All as promised') });
    expect(first.output).not.toContain('not so:');
    expect(first.output).not.toMatch(/(hooks|shims|with-guard)\S*: /);
  });

  test('shows a warning with the exact replacement, and the tests running', () => {
    const shown = shownFor(first.output, "../../bin/with-guard bash -c 'npx jest packages/money'");
    expect(shown).toContain(replacement);
    expect(shown).toMatch(/Tests: .*22 passed/);
    expect(shown).toContain('└ exit status 0');
  });

  test('shows the same blocked with 126, and nothing run after it', () => {
    const enforced = 'BASESHOP_POLICY_MODE=enforce ../../bin/with-guard bash -c';
    for (const line of ['npx jest packages/money', 'npx jest packages/money && echo next']) {
      const shown = shownFor(first.output, `${enforced} '${line}'`);
      expect(shown).toContain('└ exit status 126');
      expect(shown).toContain(replacement);
      expect(shown).not.toContain('Tests:');
      expect(shown).not.toMatch(/│ next$/m);
    }
  });

  test('shows the telemetry lines as they are in the file', () => {
    const file = join(checkout, 'examples/workspace/.cache/test-governor/events.jsonl');
    const shown = shownFor(first.output, 'cat .cache/test-governor/events.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    expect(lines).toHaveLength(5);
    for (const line of lines.slice(0, 3)) {
      expect(shown).toContain(line);
      // Seen where it was typed, before anything was started.
      expect(JSON.parse(line)).toMatchObject({ layer: 'text', shell: 'bash' });
    }
  });

  test('shows two governed runs taking turns, each with its own tests', () => {
    const [, shown = ''] = first.output.split('4. Two governed runs at once');
    expect(shown).toMatch(
      /waiting, (1st|2nd) in line: (behind )?jest paths=1 \(pid \d+, .*\).*Waiting, not hung\./,
    );
    expect(shown).toMatch(/starts now, after/);
    expect(shown.match(/Tests: .* passed/g)).toHaveLength(2);
    expect(shown).toContain('└ exit status 0');
  });

  test('writes no colours where there is no terminal', () => {
    expect(first.output).not.toContain('\u001b[');
  });

  test(
    'works a second time without installing again, from inside a guarded shell, and with NO_COLOR',
    async () => {
      const again = await runProgram(join(checkout, 'bin', 'with-guard'), ['npm', 'run', 'quickstart'], {
        cwd: checkout,
        env: baseEnvironment({
          npm_config_cache: npmCache(),
          NO_COLOR: '1',
          BASESHOP_POLICY_MODE: 'enforce',
        }),
      });
      expect(again).toMatchObject({ status: 0, output: expect.stringContaining('All as promised') });
      expect(again.output.match(/up to date/g)).toHaveLength(2);
    },
    3 * minutes,
  );
});
