import { wordsBetween } from './lead.ts';
import type { LocatedRun } from './locate.ts';
import { fitsInQuotes, leave, type Rewrite, type RewriteContext } from './outcome.ts';

/**
 * Gives a turbo run its scope and its cap. `!//`, all packages but the root, is what a turbo run without a scope does,
 * and unlike `*` it leaves a filter that somebody appends its meaning. With a task of the root's own it would leave that
 * task out; then `*` takes everything.
 */
export function rewriteTurbo(run: LocatedRun, isScoped: boolean, context: RewriteContext): Rewrite {
  const dashes = run.args.findIndex(({ value }) => value === '--');
  const own = dashes === -1 ? run.argumentWords : run.argumentWords.slice(0, dashes);
  const isCapped = own.some(({ argument }) => /^--concurrency(?:=|$)/.test(argument.value));
  const hasRootTask = own.some(({ argument }) => context.rootTasks.has(argument.value));
  const filter = `--filter='${hasRootTask ? '*' : '!//'}'`;
  const added = `${isScoped ? '' : ` ${filter}`}${isCapped ? '' : ' --concurrency=2'}`;
  const innermost = run.launches.at(-1);
  const isNpmExec =
    innermost?.name === 'npm' && !wordsBetween(run, innermost).some(({ value }) => value === '--');
  const byHand = `write by hand: turbo ${own.map(({ argument }) => argument.value).join(' ')}${added}`;
  if (isNpmExec) return leave('npm exec keeps options in front of `--` for itself', byHand);
  if (!fitsInQuotes(added, run)) return leave('it stands inside quotes that the scope would break', byHand);
  const end = own.at(-1)?.end ?? run.end;
  const notes = hasRootTask && !isScoped ? ['a filter that is appended no longer narrows it'] : [];
  return { kind: 'edit', edits: [{ start: end, end, text: added }], notes };
}
