import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { exitStatus } from '../exit-status.ts';
import { type Answer, ask } from './ask.ts';
import { peek } from './peek.ts';
import { type Asker, contextOf, currentDirectory, type Question } from './question.ts';

/** "Decided, go on": a status that no shell or node gives by itself. */
const decidedStatus = 3;

/** "Start dist/run-own.cjs in its place": neither is this one. */
const governStatus = 4;

type Request =
  | { readonly kind: 'question'; readonly question: Question }
  | { readonly kind: 'peek'; readonly text: string }
  | { readonly kind: 'malformed'; readonly problem: string };

/** Standard input as text; bytes that are no UTF-8 become replacement characters. */
function readInput(): string {
  return readFileSync(0, 'utf8');
}

function parseRequest(words: readonly string[]): Request {
  const [mode = '', who, pidText, ...argv] = words;
  if (mode === 'peek') return { kind: 'peek', text: readInput() };
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0)
    return { kind: 'malformed', problem: 'the pid is not a number' };
  const canGovern = !mode.endsWith('-in-place');
  const kind = canGovern ? mode : mode.slice(0, -'-in-place'.length);
  if (kind === 'text' && (who === 'bash' || who === 'zsh')) {
    return { kind: 'question', question: { kind, shell: who, pid, canGovern, text: readInput() } };
  }
  if (kind === 'argv' && (who === 'shim' || who === 'preload' || who === 'function')) {
    return { kind: 'question', question: { kind, layer: who, pid, canGovern, argv } };
  }
  return { kind: 'malformed', problem: 'the question is not one that a layer asks' };
}

/** True when standard error is a terminal that shows colour. A pipe or a file is known for none without loading its stream. */
function showsColour({ NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR || TERM === 'dumb') return false;
  try {
    return fstatSync(2).isCharacterDevice() && process.stderr.isTTY === true;
  } catch {
    // Standard error is closed.
    return false;
  }
}

/** Writes to a descriptor. Not through process.stdout and process.stderr, whose streams take node a few milliseconds to load. */
function print(descriptor: 1 | 2, text: string): void {
  try {
    if (text !== '') writeSync(descriptor, text);
  } catch {
    // It is closed or its reader is gone: the answer stands without its words.
    return;
  }
}

function printLines(lines: readonly string[]): void {
  print(2, lines.map((line) => `${line}\n`).join(''));
}

function report(answer: Answer): number {
  switch (answer.kind) {
    case 'pass':
      return 0;
    case 'go':
      printLines(answer.lines);
      if (answer.token !== null) print(1, `${answer.token}\n`);
      return decidedStatus;
    case 'govern':
      return governStatus;
    case 'blocked':
      printLines(answer.lines);
      return exitStatus.blocked;
    default:
      return answer satisfies never;
  }
}

function main(): number {
  const { env } = process;
  const asker: Asker = {
    environment: env,
    cwd: currentDirectory(),
    envPrefix: env.TEST_GOVERNOR_ENV_PREFIX,
    // Asked only where something is printed.
    get colour() {
      return showsColour(env);
    },
  };
  const request = parseRequest(process.argv.slice(2));
  switch (request.kind) {
    case 'question':
      return report(ask(request.question, asker));
    case 'peek':
      print(1, peek(request.text, contextOf(asker)));
      return 0;
    case 'malformed':
      printLines([`test-governor: ${request.problem}`]);
      return exitStatus.usage;
    default:
      return request satisfies never;
  }
}

// At once: nothing waits to be written, and node would first tidy up what goes with the process anyway.
process.exit(main());
