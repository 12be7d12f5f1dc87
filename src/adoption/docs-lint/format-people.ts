import { escapeForTerminal } from '../../escape.ts';
import { shorten } from '../../guard/message.ts';
import type { Finding } from './finding.ts';
import type { LintReport } from './lint.ts';

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A command that goes on over several lines. */
function onOneLine(command: string): string {
  return command.replace(/\s*\\?\r?\n\s*/g, ' ');
}

function show(finding: Finding): readonly string[] {
  const { file, line, column, message, command, replacement } = finding;
  const shown = command === null ? '' : `: ${shorten(onOneLine(command))}`;
  return [
    escapeForTerminal(`${file}:${line}:${column}  ${message}${shown}`),
    ...(replacement === null ? [] : [escapeForTerminal(`    type instead: ${replacement}`)]),
  ];
}

function summary(report: LintReport): string {
  const { findings, files, archived, binary, fixed } = report;
  const leftOut = [
    archived === 0 ? '' : `${archived} archived`,
    binary === 0 ? '' : `${binary} that ${binary === 1 ? 'is' : 'are'} no text`,
  ].filter((part) => part !== '');
  const looked = `${count(files, 'Markdown file', 'Markdown files')} looked at${
    leftOut.length === 0 ? '' : `, left out: ${leftOut.join(', ')}`
  }.`;
  const places = new Set(findings.map(({ file }) => file)).size;
  const found =
    findings.length === 0
      ? 'Nothing to mend.'
      : `${count(findings.length, 'finding', 'findings')} in ${count(places, 'file', 'files')}.`;
  const mended = fixed === 0 ? '' : `${fixed} mended. `;
  return `${mended}${found} ${looked}`;
}

/**
 * The report for people, one line a finding and one for what to type instead.
 * @param own how this program is typed here.
 */
export function formatForPeople(report: LintReport, own: string): string {
  const fixable = report.findings.filter(({ fix }) => fix !== null).length;
  const hint =
    fixable === 0 ? [] : [`${own} docs-lint --fix writes the governed form of ${fixable} of them.`];
  const lines = report.findings.flatMap(show);
  return [...lines, ...(lines.length === 0 ? [] : ['']), summary(report), ...hint].join('\n');
}
