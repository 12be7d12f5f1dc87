import type { Classifier } from '../../guard/classifier.ts';
import { describeRawRun } from '../../guard/message.ts';
import { mayReachRunner } from '../../policy/hot-words.ts';
import { applyEdits, type Edit } from '../edit.ts';
import { applyAllows, commentMark, readAllows } from './allow.ts';
import { commandLines, isWritableLanguage, splitCommands } from './command-lines.ts';
import { remark, type TextFinding } from './finding.ts';
import { isInstruction } from './instructions.ts';
import { type CodeBlock, type CodeLine, type CodeSpan, parseMarkdown } from './markdown.ts';
import type { Dialect } from './markdown-parser.ts';
import { findRawRuns, type RawRun } from './raw-runs.ts';
import { placeInFile, type Script, scriptOf } from './script.ts';

/** Where the commands of a text would be typed, and who judges them. */
export interface LintContext {
  readonly directory: string;
  readonly classifier: Classifier;
}

/** Longer scripts are judged command by command: each finding has the whole of its script judged again. */
const longestScript = 200;

function finding(run: RawRun, start: number, end: number, edit: Edit | null): TextFinding {
  return {
    rule: 'raw-test-run',
    message: describeRawRun(run),
    start,
    end,
    runner: run.runner,
    form: run.form,
    command: run.command,
    replacement: run.replacement,
    edit,
  };
}

function inFile(script: Script, run: RawRun): TextFinding {
  const start = placeInFile(script, run.start);
  const end = placeInFile(script, Math.max(run.start, run.end - 1)) + 1;
  return finding(run, start, end, run.edit === null ? null : { start, end, text: run.edit.text });
}

/**
 * Findings in lines of one shell. As one script, unless that is too long, or no shell text; then command by command, and a
 * command that cannot be read line by line.
 */
function lintLines(
  lines: readonly CodeLine[],
  isWritable: boolean,
  context: LintContext,
): readonly TextFinding[] {
  const script = scriptOf(lines);
  if (!mayReachRunner(script.text)) return [];
  if (lines.length <= longestScript) {
    const { runs, isRead } = findRawRuns(script.text, context.directory, context.classifier, isWritable);
    if (isRead) return runs.map((run) => inFile(script, run));
  }
  if (lines.length === 1) return [];
  const commands = splitCommands(lines);
  const parts = commands.length > 1 ? commands : lines.map((line) => [line]);
  return parts.flatMap((part) => lintLines(part, isWritable, context));
}

function lintBlock(block: CodeBlock, context: LintContext): readonly TextFinding[] {
  if (!block.lines.some(({ text }) => mayReachRunner(text))) return [];
  const isWritable = block.isClosed && isWritableLanguage(block.language);
  const findings = commandLines(block).flatMap((lines) => lintLines(lines, isWritable, context));
  if (block.isClosed) return findings;
  const message =
    'this fence is never closed: all that follows is code to Markdown, and docs-lint changes nothing in it; close it';
  return [remark('unclosed-fence', block.opening, message), ...findings];
}

/** The span's text with every raw run replaced; null when one of them only people can replace. */
function governedText(span: CodeSpan, runs: readonly RawRun[]): string | null {
  const edits = runs.flatMap(({ edit }) => edit ?? []);
  return edits.length < runs.length ? null : applyEdits(span.text, edits);
}

/** The whole span anew: what is put in may hold backticks, or bars within a table. */
function spanEdit(span: CodeSpan, text: string): Edit {
  const runsOfBackticks = text.split(/[^`]+/);
  let marker = span.marker;
  while (runsOfBackticks.includes(marker)) marker += '`';
  const padding = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  const written = span.isInTable ? text.replaceAll('|', '\\|') : text;
  return { ...span.range, text: `${marker}${padding}${written}${padding}${marker}` };
}

function lintSpan(span: CodeSpan, context: LintContext): readonly TextFinding[] {
  if (!mayReachRunner(span.text) || !isInstruction(span)) return [];
  const { runs } = findRawRuns(span.text, context.directory, context.classifier, true);
  const [first] = runs;
  if (first === undefined) return [];
  // One span is one line to type: its place is the span, however many runs are in it.
  const governed = governedText(span, runs);
  const replacement = governed?.trim() ?? first.replacement;
  return [
    finding(
      { ...first, command: span.text.trim(), replacement },
      span.range.start,
      span.range.end,
      governed === null ? null : spanEdit(span, governed),
    ),
  ];
}

/** True when a text can hold anything for docs-lint, so that it is worth parsing. */
export function isWorthParsing(text: string): boolean {
  return mayReachRunner(text) || text.includes(commentMark);
}

/** Everything that is wrong in a Markdown text, in its order. */
export function lintText(text: string, dialect: Dialect, context: LintContext): readonly TextFinding[] {
  if (!isWorthParsing(text)) return [];
  const { blocks, spans, comments } = parseMarkdown(text, dialect);
  const { allows, findings } = readAllows(comments);
  const found = [
    ...blocks.flatMap((block) => lintBlock(block, context)),
    ...spans.flatMap((span) => lintSpan(span, context)),
  ];
  return [...findings, ...applyAllows(found, allows)].sort((a, b) => a.start - b.start);
}
