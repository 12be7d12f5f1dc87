import type { Argv, CommandModule } from 'yargs';
import { afterOf, type Planned } from '../adoption/init/change.ts';
import type { InitPlace } from '../adoption/init/place.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { siblingName } from '../own-name.ts';
import { missingProgram } from '../own-program.ts';
import { packageRoot } from '../root.ts';
import { diffPainter } from './diff.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly 'dry-run': boolean;
  readonly rc: boolean;
  readonly docs: boolean;
  readonly undo: boolean;
}

/** Words for people go to standard error: the diff alone is on standard output. */
function say(...lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(`${lines.map(escapeForTerminal).join('\n')}\n`);
}

function section(title: string, sentences: readonly string[]): readonly string[] {
  return sentences.length === 0 ? [] : [title, ...sentences.map((sentence) => `  ${sentence}`)];
}

function sentencesOf(planned: readonly Planned[], kind: Exclude<Planned['kind'], 'change'>): string[] {
  return planned.flatMap((each) => (each.kind === kind ? [each.sentence] : []));
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function commandWith({ rc, docs }: Options): string {
  return [ownCommand('init'), ...(rc ? ['--rc'] : []), ...(docs ? ['--docs'] : [])].join(' ');
}

async function nextSteps(place: InitPlace, { rc, docs }: Options): Promise<readonly string[]> {
  const { sourceCommand } = await import('../adoption/init/rc-part.ts');
  const missing = missingProgram(process.cwd(), process.env);
  return [
    '',
    ...(missing === null ? [] : [`Note: ${missing.detail}: ${missing.mend}.`, '']),
    'What is next:',
    `  guard this shell, bash or zsh:     ${sourceCommand(place)}`,
    `  guard an agent and all below it:   ${siblingName('with-guard', process.env)} <command>`,
    ...(rc ? [] : [`  guard every shell that you open:   ${ownCommand('init --rc')}`]),
    ...(docs ? [] : [`  tell people and agents:            ${ownCommand('init --docs')}`]),
    `  see which scripts are ungoverned:  ${ownCommand('audit')}`,
  ];
}

async function setUp(place: InitPlace, options: Options): Promise<void> {
  const [{ planInit, writeInit }, { unifiedDiff }] = await Promise.all([
    import('../adoption/init/init.ts'),
    import('../adoption/unified-diff.ts'),
  ]);
  const planned = planInit(place, options);
  const changes = planned.flatMap((each) => (each.kind === 'change' ? [each.change] : []));
  const paint = diffPainter();
  const diff = changes.flatMap((change) => unifiedDiff(change.shown, change.before, afterOf(change), paint));
  if (diff.length > 0) print(...diff);
  const problems = sentencesOf(planned, 'problem');
  say(
    ...section('As it should be already:', sentencesOf(planned, 'there')),
    ...section('Left as it is:', sentencesOf(planned, 'left')),
  );
  if (options['dry-run']) {
    say(
      ...section('Cannot be set up:', problems),
      changes.length === 0
        ? 'There is nothing to write.'
        : `Nothing was written. To write it: ${commandWith(options)}`,
    );
  } else {
    const written = writeInit(place, changes);
    if (written.kind === 'no-record') {
      fail(1, `nothing was written, because it could not be taken back later: ${written.reason}`);
      return;
    }
    problems.push(...written.problems);
    say(
      ...section('Cannot be set up:', problems),
      changes.length === 0
        ? 'There is nothing to write.'
        : `Wrote ${files(written.files.length)}. To take it back: ${ownCommand('init --undo')}`,
      ...(await nextSteps(place, options)),
    );
  }
  if (problems.length > 0) process.exitCode = 1;
}

async function takeBack(place: InitPlace, options: Options): Promise<void> {
  const [{ planUndo, writeUndo }, { unifiedDiff }] = await Promise.all([
    import('../adoption/init/undo.ts'),
    import('../adoption/unified-diff.ts'),
  ]);
  const result = planUndo(place, options);
  if (result.kind === 'no-record') {
    fail(1, `what init did here cannot be read, and so not be taken back: ${result.reason}`);
    return;
  }
  const { plan } = result;
  const paint = diffPainter();
  const diff = plan.reversals.flatMap(({ shown, before, after }) => unifiedDiff(shown, before, after, paint));
  if (diff.length > 0) print(...diff);
  say(...section('Left as it is:', plan.left));
  if (plan.left.length > 0) process.exitCode = 1;
  if (plan.reversals.length + plan.left.length === 0 && !plan.isRecorded) {
    say('There is nothing on record that init did here, so there is nothing to take back.');
    return;
  }
  if (options['dry-run']) {
    say(`Nothing was written. To take it back: ${ownCommand('init --undo')}`);
    return;
  }
  const undone = writeUndo(place, plan);
  if (undone.problems.length > 0) process.exitCode = 1;
  say(
    ...section('Cannot be taken back:', undone.problems),
    `Took back what init did in ${files(undone.files.length)}.`,
  );
}

async function run(options: Options): Promise<void> {
  const { openPlace } = await import('../adoption/init/place.ts');
  const place = openPlace({ environment: process.env, cwd: process.cwd(), root: packageRoot(__dirname) });
  if (options.undo) {
    await takeBack(place, options);
    return;
  }
  if (place.config.kind === 'invalid') {
    const { describeInvalid } = await import('../config.ts');
    fail(exitStatus.config, `${describeInvalid(place.config)}: mend it, and run init again`);
    return;
  }
  await setUp(place, options);
}

/** `test-governor init`: puts a repository under government, and takes that back. */
export const initCommand: CommandModule<object, Options> = {
  command: 'init',
  describe: 'Set a repository up: config, test:governed script, ignore entry; shows a diff, then writes it',
  builder: (parser: Argv<object>) =>
    parser
      .option('dry-run', { type: 'boolean', default: false, describe: 'show the diff, write nothing' })
      .option('rc', {
        type: 'boolean',
        default: false,
        describe:
          'also guard every shell: first lines in ~/.bashrc, ~/.bash_profile (if there is one) and ~/.zshenv',
      })
      .option('docs', {
        type: 'boolean',
        default: false,
        describe:
          'also a section in AGENTS.md and CLAUDE.md, and docs/testing-policy.md for your team to edit',
      })
      .option('undo', {
        type: 'boolean',
        default: false,
        describe: 'take back exactly what init did here; what was edited since is left and named',
      })
      .example('$0 init --dry-run --rc --docs', 'everything that it would write')
      .example('$0 init --undo', 'as if it had never been')
      .epilogue(
        'Can be run again at any time: what is there is left as it is, also when you edited it. Exit status: 0 done, 1 something could not be done, 78 the config is invalid. From here to enforcing: docs/getting-started.md',
      ),
  handler: run,
};
