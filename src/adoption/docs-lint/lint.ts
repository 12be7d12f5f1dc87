import { readFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, relative } from 'node:path';
import { errorCode } from '../../error-code.ts';
import { type Classifier, openClassifier } from '../../guard/classifier.ts';
import { applyEdits } from '../edit.ts';
import { type Replaced, replaceFile } from '../replace-file.ts';
import { decode } from './decode.ts';
import { selectFiles } from './files.ts';
import { type Finding, remark, type TextFinding } from './finding.ts';
import { type Lines, placeAt, splitLines } from './lines.ts';
import { isWorthParsing, lintText } from './lint-text.ts';
import type { Dialect } from './markdown-parser.ts';

/** What is to be linted, and how. */
export interface LintRequest {
  readonly cwd: string;
  /** Files and directories, relative to `cwd`. */
  readonly paths: readonly string[];
  /** The directory that the archive patterns are relative to. */
  readonly base: string;
  readonly archive: readonly string[];
  /** True: write the governed forms. */
  readonly fix: boolean;
}

/** What came of it; after `--fix`, what is left. */
export interface LintReport {
  readonly findings: readonly Finding[];
  /** Markdown files that were looked at. */
  readonly files: number;
  readonly archived: number;
  /** Files that are no text. */
  readonly binary: number;
  /** Findings that `--fix` mended. */
  readonly fixed: number;
  readonly missing: readonly string[];
}

interface Run {
  readonly request: LintRequest;
  readonly classifier: Classifier;
  readonly findings: Finding[];
  binary: number;
  fixed: number;
}

function shownPath(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}

function located(file: string, path: string, finding: TextFinding, lines: Lines): Finding {
  const { start, end, edit, ...rest } = finding;
  const from = placeAt(lines, start);
  const to = placeAt(lines, end);
  return {
    file,
    path,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    ...rest,
    fix: edit === null ? null : edit.text,
  };
}

/**
 * Where the commands of a file would be typed: in the package that it belongs to, because that is where `npm test` and
 * relative paths mean what they say; for a file in none, its own directory.
 */
function typingPlace(file: string, classifier: Classifier): string {
  const directory = dirname(file);
  return classifier.packageDirectory(directory) ?? directory;
}

function readFailure(error: unknown): string {
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'this file cannot be read: permission denied';
    default:
      return `this file cannot be read (${errorCode(error) ?? 'unknown error'})`;
  }
}

function whyNot(replaced: Exclude<Replaced, { kind: 'replaced' }>): string {
  switch (replaced.kind) {
    case 'read-only':
      return 'the file or its directory is read-only';
    case 'changed-meanwhile':
      return 'somebody else changed it at the same time; run docs-lint again';
    case 'failed':
      return `the system says ${replaced.reason}`;
    default:
      return replaced satisfies never;
  }
}

function lintFile(file: string, run: Run): void {
  const shown = shownPath(run.request.cwd, file);
  const report = (findings: readonly TextFinding[], text: string) => {
    if (findings.length === 0) return;
    const lines = splitLines(text);
    run.findings.push(...findings.map((finding) => located(shown, file, finding, lines)));
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    // Deleted, but still in git's index.
    if (errorCode(error) !== 'ENOENT')
      report([remark('unreadable-file', { start: 0, end: 0 }, readFailure(error))], '');
    return;
  }
  const decoded = decode(bytes);
  if (decoded.kind === 'binary') {
    run.binary += 1;
    return;
  }
  const mark = decoded.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = decoded.text.slice(mark.length);
  if (!isWorthParsing(text)) return;
  const dialect: Dialect = extname(file).toLowerCase() === '.mdx' ? 'mdx' : 'commonmark';
  const context = { directory: typingPlace(file, run.classifier), classifier: run.classifier };
  const findings = lintText(text, dialect, context);
  const edits = findings.flatMap(({ edit }) => edit ?? []);
  if (!run.request.fix || edits.length === 0) {
    report(findings, text);
    return;
  }
  const fixed = applyEdits(text, edits);
  const replaced = replaceFile(file, bytes, Buffer.from(mark + fixed, decoded.encoding));
  if (replaced.kind === 'replaced') {
    const left = lintText(fixed, dialect, context);
    run.fixed += Math.max(0, findings.length - left.length);
    report(left, fixed);
    return;
  }
  const message = `nothing was changed here: ${whyNot(replaced)}`;
  report([remark('not-written', { start: 0, end: 0 }, message), ...findings], text);
}

/** Lints Markdown files, one after the other: only one of them is ever in memory. */
export function lintFiles(request: LintRequest): LintReport {
  const { files, archived, missing } = selectFiles(request.paths, request.cwd, request.base, request.archive);
  const run: Run = { request, classifier: openClassifier(), findings: [], binary: 0, fixed: 0 };
  if (missing.length === 0) for (const file of files) lintFile(file, run);
  return {
    findings: run.findings,
    files: files.length,
    archived,
    binary: run.binary,
    fixed: run.fixed,
    missing,
  };
}
