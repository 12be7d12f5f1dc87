import type { Runner } from '../../policy/verdict.ts';
import { type Range, remark, type TextFinding } from './finding.ts';
import type { Comment } from './markdown.ts';

/** What begins every comment that is meant for docs-lint. */
export const commentMark = 'docs-lint:';

/** A comment that silences raw runs of one runner in one block. */
export interface Allow {
  readonly runner: Runner;
  readonly range: Range;
  readonly block: Range;
}

/** What one comment says. */
type Parsed =
  | { readonly kind: 'none' }
  | { readonly kind: 'allow'; readonly runner: Runner; readonly reason: string | null }
  | { readonly kind: 'invalid'; readonly message: string };

const runnerNames: Readonly<Record<string, Runner>> = {
  jest: 'jest',
  vitest: 'vitest',
  turbo: 'turbo',
  pytest: 'pytest',
};

const form = '<!-- docs-lint: allow-raw-jest reason="why this must stand here" -->';

function parse(text: string): Parsed {
  const trimmed = text.trim();
  if (!trimmed.startsWith(commentMark)) return { kind: 'none' };
  const match = /^allow-raw-([\w-]+)(?:\s+reason\s*=\s*(?:"([^"]*)"|'([^']*)'|“([^”]*)”))?$/.exec(
    trimmed.slice(commentMark.length).trim(),
  );
  const runner = Object.hasOwn(runnerNames, match?.[1] ?? '') ? runnerNames[match?.[1] ?? ''] : undefined;
  if (match === null || runner === undefined) {
    return {
      kind: 'invalid',
      message: `this comment says nothing to docs-lint; it has to read ${form}, or the same for vitest, turbo or pytest`,
    };
  }
  const reason = (match[2] ?? match[3] ?? match[4] ?? '').trim();
  return { kind: 'allow', runner, reason: reason === '' ? null : reason };
}

/** Reads the comments of a file: those that silence, and what is wrong with the others. */
export function readAllows(comments: readonly Comment[]): {
  readonly allows: readonly Allow[];
  readonly findings: readonly TextFinding[];
} {
  const allows: Allow[] = [];
  const findings: TextFinding[] = [];
  for (const { text, range, next, isInline } of comments) {
    const parsed = parse(text);
    switch (parsed.kind) {
      case 'none':
        break;
      case 'invalid':
        findings.push(remark('invalid-allow', range, parsed.message));
        break;
      case 'allow':
        if (parsed.reason === null) {
          findings.push(
            remark(
              'allow-without-reason',
              range,
              `this comment silences nothing, because it gives no reason: ${form}`,
            ),
          );
        } else if (isInline) {
          findings.push(
            remark(
              'invalid-allow',
              range,
              'this comment silences nothing, because it stands inside a paragraph: put it before the block, with an empty line between them',
            ),
          );
        } else if (next === null) {
          findings.push(
            remark(
              'unused-allow',
              range,
              'this comment silences nothing: no block follows it here; remove it',
            ),
          );
        } else {
          allows.push({ runner: parsed.runner, range, block: next });
        }
        break;
      default:
        parsed satisfies never;
    }
  }
  return { allows, findings };
}

/** Takes out what the comments silence, and reports the comments that silence nothing. */
export function applyAllows(
  findings: readonly TextFinding[],
  allows: readonly Allow[],
): readonly TextFinding[] {
  const used = new Set<Allow>();
  const left = findings.filter((finding) => {
    const allow = allows.find(
      ({ runner, block }) =>
        finding.rule === 'raw-test-run' &&
        finding.runner === runner &&
        block.start <= finding.start &&
        finding.start < block.end,
    );
    if (allow !== undefined) used.add(allow);
    return allow === undefined;
  });
  const unused = allows
    .filter((allow) => !used.has(allow))
    .map(({ range, runner }) =>
      remark(
        'unused-allow',
        range,
        `this comment silences nothing: the next block starts no raw ${runner} run; remove it`,
      ),
    );
  return [...left, ...unused];
}
