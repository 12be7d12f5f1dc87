import type { Argv, CommandModule } from 'yargs';
import type { Finding, Health } from '../adoption/doctor.ts';
import { escapeForTerminal } from '../escape.ts';
import { packageRoot } from '../root.ts';
import { print } from './output.ts';

interface Options {
  readonly json: boolean;
}

const marks: Readonly<Record<Health, string>> = {
  ok: 'ok     ',
  off: 'off    ',
  broken: 'BROKEN ',
  unseen: 'unseen ',
};

function show(finding: Finding): readonly string[] {
  const lines = [`${marks[finding.health]}${finding.subject}: ${escapeForTerminal(finding.detail)}`];
  return finding.mend === null
    ? lines
    : [...lines, `       to change that: ${escapeForTerminal(finding.mend)}`];
}

function summary(findings: readonly Finding[]): string {
  const broken = findings.filter((finding) => finding.health === 'broken').length;
  if (broken > 0) return `${broken} ${broken === 1 ? 'thing is' : 'things are'} broken.`;
  const off = findings.filter((finding) => finding.health === 'off').length;
  return off === 0
    ? 'Every layer that can be seen from here is active.'
    : 'Nothing is broken. Layers marked "off" are not active in this shell.';
}

async function run(options: Options): Promise<void> {
  // It reads with everything that it examines, which no other command has to load.
  const { examine } = await import('../adoption/doctor.ts');
  const findings = await examine({
    environment: process.env,
    cwd: process.cwd(),
    root: packageRoot(__dirname),
  });
  const healthy = findings.every((finding) => finding.health !== 'broken');
  if (options.json) print(JSON.stringify({ healthy, findings }));
  else print(...findings.flatMap(show), '', summary(findings));
  if (!healthy) process.exitCode = 1;
}

/** `test-governor doctor`: which layers are active here, and how to mend what is not. */
export const doctorCommand: CommandModule<object, Options> = {
  command: 'doctor',
  describe: 'Say which layers are active in this shell, what is missing and how to mend it',
  builder: (parser: Argv<object>) =>
    parser
      .option('json', { type: 'boolean', default: false, describe: 'print the findings as JSON' })
      .example('with-guard test-governor doctor', 'what an agent below with-guard would have')
      .epilogue(
        'ok: active. off: not active, which may be meant so. BROKEN: needs mending. unseen: not to be known from here. Exit status: 0 nothing is broken, 1 something is.',
      ),
  handler: run,
};
