import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';
import { run } from './run.ts';

// The start of a governed run: loads no argument parser and nothing that a run does not need.
run(process.argv.slice(3), {
  environment: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
  say: (text) => {
    writeSync(2, `${text.split('\n').map(escapeForTerminal).join('\n')}\n`);
  },
}).then((status) => {
  process.exitCode = status;
});
