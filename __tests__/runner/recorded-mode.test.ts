import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { openRunLab } from './run-lab.ts';

test.each([
  {
    what: 'the stricter of its shell’s and the repository’s',
    config: 'enforce',
    environment: { BASESHOP_GUARD_MODE: 'warn' },
    mode: 'enforce',
  },
  {
    what: 'its shell’s, where what the command asks for is no mode',
    config: 'warn',
    environment: { BASESHOP_GUARD_MODE: 'enforce', BASESHOP_POLICY_MODE: 'enfroce' },
    mode: 'enforce',
  },
  {
    what: 'what the command asks for',
    config: 'enforce',
    environment: { BASESHOP_GUARD_MODE: 'enforce', BASESHOP_POLICY_MODE: 'off' },
    mode: 'off',
  },
])(
  'a run is written down with the mode in which a raw run beside it is judged: $what',
  async ({ config, environment, mode }) => {
    const lab = openRunLab();
    lab.runner('exit 0');
    writeFileSync(lab.file('test-governor.config.json'), JSON.stringify({ mode: config }));
    const { status } = await lab.start({ environment }).ended;
    expect(status).toBe(0);
    const event: unknown = JSON.parse(readFileSync(`${lab.state}/events.jsonl`, 'utf8'));
    expect(event).toMatchObject({ event: 'run', policy_mode: mode });
  },
);
