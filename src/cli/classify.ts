import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { type Classifier, openClassifier } from '../guard/classifier.ts';
import type { Verdict } from '../policy/verdict.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly json: boolean;
  readonly ndjson: boolean;
  readonly cwd: string;
  readonly '--'?: readonly string[];
  readonly line: string[] | undefined;
}

interface BatchRequest {
  readonly id?: unknown;
  readonly cmd: string;
  readonly cwd?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

type ParsedRequest =
  | { readonly kind: 'request'; readonly request: BatchRequest }
  | { readonly kind: 'malformed'; readonly id?: unknown; readonly reason: string };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScripts(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string');
}

function parseRequest(text: string): ParsedRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: 'malformed', reason: 'the input line is not JSON' };
  }
  if (!isRecord(parsed)) return { kind: 'malformed', reason: 'the input line is not a JSON object' };
  const { id, cmd, cwd, scripts } = parsed;
  const carried = id === undefined ? {} : { id };
  if (typeof cmd !== 'string') return { kind: 'malformed', ...carried, reason: '"cmd" is not a string' };
  if (cwd !== undefined && typeof cwd !== 'string') {
    return { kind: 'malformed', ...carried, reason: '"cwd" is not a string' };
  }
  if (scripts !== undefined && !isScripts(scripts)) {
    return { kind: 'malformed', ...carried, reason: '"scripts" is not an object of strings' };
  }
  return {
    kind: 'request',
    request: {
      ...carried,
      cmd,
      ...(cwd === undefined ? {} : { cwd }),
      ...(scripts === undefined ? {} : { scripts }),
    },
  };
}

function noOpinion(reason: string): Verdict {
  return { verdict: 'none', runner: null, form: null, intent: null, replacement: null, reason };
}

function describe(verdict: Verdict): readonly string[] {
  const what = [
    verdict.runner,
    verdict.form && `form ${verdict.form}`,
    verdict.intent && `intent ${verdict.intent}`,
  ];
  const details = what.filter((entry) => entry !== null && entry !== '').join(', ');
  return [
    details === '' ? verdict.verdict : `${verdict.verdict} (${details})`,
    `why: ${escapeForTerminal(verdict.reason)}`,
    ...(verdict.replacement === null ? [] : [`run instead: ${escapeForTerminal(verdict.replacement)}`]),
  ];
}

/**
 * The whole lines of what is read, as many as each block of it ends. Not by node's readline, which from node 24 on also ends a line at
 * U+2028 and U+2029: JSON has them in texts as they are, and one question would become two.
 */
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const block of input.setEncoding('utf8')) {
    const [first = '', ...others] = String(block).split('\n');
    const lines = [rest + first, ...others];
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest];
}

function answerTo(line: string, directory: string, classifier: Classifier): string {
  const parsed = parseRequest(line);
  const answer =
    parsed.kind === 'malformed'
      ? { ...(parsed.id === undefined ? {} : { id: parsed.id }), ...noOpinion(parsed.reason) }
      : {
          ...(parsed.request.id === undefined ? {} : { id: parsed.request.id }),
          ...classifier.verdict(
            parsed.request.cmd,
            resolve(directory, parsed.request.cwd ?? '.'),
            parsed.request.scripts,
          ),
        };
  return `${JSON.stringify(answer)}\n`;
}

async function classifyStream(directory: string): Promise<void> {
  const classifier = openClassifier(process.env);
  for await (const lines of linesOf(process.stdin)) {
    const asked = lines.filter((line) => line.trim() !== '');
    // As it was asked: who waits for each answer gets it, and a flood is answered in blocks, as a write for each line would cost more
    // than the verdict.
    const block = asked.map((line) => answerTo(line, directory, classifier)).join('');
    if (!process.stdout.write(block)) await new Promise((done) => process.stdout.once('drain', done));
  }
}

async function run(options: Options): Promise<void> {
  if (options.ndjson) return classifyStream(resolve(options.cwd));
  const words = [...(options.line ?? []), ...(options['--'] ?? [])];
  const [line, ...rest] = words;
  if (line === undefined || rest.length > 0) {
    fail(
      exitStatus.usage,
      `give one command line in quotes: ${ownCommand("classify -- 'npx jest src'")} (or lines of JSON with --ndjson)`,
    );
    return;
  }
  const verdict = openClassifier(process.env).verdict(line, resolve(options.cwd));
  if (options.json) print(JSON.stringify(verdict));
  else print(...describe(verdict));
}

/** `test-governor classify`: the verdict for one command line, or one a line for a stream of them. */
export const classifyCommand: CommandModule<object, Options> = {
  command: 'classify [line..]',
  describe: 'Say what the policy makes of a command line',
  builder: (parser: Argv<object>) =>
    parser
      .positional('line', { type: 'string', array: true, describe: 'the command line, as one word' })
      .option('json', { type: 'boolean', default: false, describe: 'print the verdict as JSON' })
      .option('ndjson', {
        type: 'boolean',
        default: false,
        describe: 'read {"id","cmd","cwd"?,"scripts"?} a line, print one verdict a line',
      })
      .option('cwd', { type: 'string', default: '.', describe: 'where the command line would run' })
      .example("$0 classify -- 'npx jest src'", 'a raw run, with the governed command to type instead')
      .example('$0 classify --ndjson < lines.ndjson', 'one verdict for each line, in the same order'),
  handler: run,
};
