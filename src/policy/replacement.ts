import { relative, resolve } from 'node:path';
import { literal } from './argument.ts';
import { quoteArgument, quoteArguments, quoteWord } from './quote.ts';
import type { Finding } from './trace.ts';
import type { ClassifyContext, Intent } from './verdict.ts';

/** A finding that a replacement can be given for. */
export type RunnerFinding = Extract<Finding, { kind: 'runner' }>;

/** The intent under which the governed run does what the finding does. */
export function intentOf(finding: RunnerFinding): Intent {
  return finding.call.kind === 'tests' ? finding.call.intent : finding.runner;
}

/** Variables that only say how we behave; they have no place in front of the governed command. */
function isOwnSwitch(name: string, prefix: string): boolean {
  return ['POLICY_MODE', 'ALLOW_BYPASS_POLICY', 'GOVERNED_CONTEXT'].some(
    (own) => name === `${prefix}_${own}`,
  );
}

function assignmentsText(finding: RunnerFinding, prefix: string): string {
  const kept = new Map(finding.assignments.map(({ name, value }) => [name, value]));
  return [...kept]
    .filter(([name]) => !isOwnSwitch(name, prefix))
    .map(
      ([name, value]) =>
        `${name}=${value.value === '' && value.source === null ? '' : quoteArgument(value)} `,
    )
    .join('');
}

/** Where the governed script is, seen from `directory`: `.`, a relative path, or null. */
function governedScriptFrom(directory: string, context: ClassifyContext): string | null {
  const { governedScriptAt } = context.repository;
  if (directory === context.cwd || governedScriptAt === null) return governedScriptAt;
  if ('test:governed' in (context.packages.nearest(directory)?.scripts ?? {})) return '.';
  const nearest = context.packages.nearest(context.cwd)?.directory ?? context.cwd;
  const holder = governedScriptAt === '.' ? nearest : resolve(context.cwd, governedScriptAt);
  return relative(directory, holder) || '.';
}

function launcherText(at: string | null, intent: Intent, context: ClassifyContext): string {
  const { packageManager } = context.repository;
  const elsewhere = at === null || at === '.' ? null : quoteWord(at);
  switch (packageManager) {
    case 'npm':
      if (at === null) return `npx test-governor run ${intent}`;
      return `npm ${elsewhere === null ? '' : `--prefix ${elsewhere} `}run test:governed -- ${intent}`;
    case 'pnpm':
      if (at === null) return `pnpm exec test-governor run ${intent}`;
      return `pnpm -w run test:governed -- ${intent}`;
    case 'yarn':
      if (at === null) return `yarn test-governor run ${intent}`;
      return `yarn ${elsewhere === null ? '' : `--cwd ${elsewhere} `}run test:governed ${intent}`;
    case 'yarn-berry':
      if (at === null) return `yarn test-governor run ${intent}`;
      return `yarn run ${elsewhere === null ? '' : '-T '}test:governed ${intent}`;
    case 'bun':
      if (at === null) return `bunx test-governor run ${intent}`;
      return `bun ${elsewhere === null ? '' : `--cwd ${elsewhere} `}run test:governed ${intent}`;
  }
}

/** The command to type instead of what was found, with the user's own arguments and assignments. */
export function replacementFor(finding: RunnerFinding, context: ClassifyContext): string {
  const directory = finding.cwd ?? context.cwd;
  const at = governedScriptFrom(directory, context);
  const needsScope = finding.call.kind === 'turbo-unscoped' && !finding.call.isScoped;
  const args = needsScope ? [...finding.args, literal('--affected')] : finding.args;
  const command =
    assignmentsText(finding, context.envPrefix) +
    launcherText(at, intentOf(finding), context) +
    (args.length === 0 ? '' : ` -- ${quoteArguments(args)}`);
  if (directory === context.cwd) return command;
  const there = quoteWord(relative(context.cwd, directory));
  return finding.lineCwd === directory ? `cd ${there} && ${command}` : `(cd ${there} && ${command})`;
}
