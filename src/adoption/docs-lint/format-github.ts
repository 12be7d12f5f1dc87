import { relative } from 'node:path';
import { escapeForTerminal } from '../../escape.ts';
import type { Finding } from './finding.ts';

/** The runner turns these back (`toCommandValue` and `escapeProperty` in actions/toolkit, packages/core). */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function annotation(finding: Finding, path: string): string {
  const { line, column, endLine, endColumn, rule, message, command, replacement } = finding;
  const properties = {
    file: path,
    line,
    endLine,
    // GitHub shows columns only where a finding stays on one line.
    ...(line === endLine ? { col: column, endColumn } : {}),
    title: `docs-lint: ${rule}`,
  };
  const sentence = escapeForTerminal(command === null ? message : `${message}: ${command}`);
  const text =
    replacement === null ? sentence : `${sentence}\nType instead: ${escapeForTerminal(replacement)}`;
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::error ${list.join(',')}::${escapeData(text)}`;
}

/**
 * Workflow commands that GitHub Actions shows at the lines of a pull request; empty when there is nothing to say.
 * @param root the checkout's top, which GitHub's paths are relative to.
 */
export function formatForGithub(findings: readonly Finding[], root: string): string {
  return findings.map((finding) => annotation(finding, relative(root, finding.path))).join('\n');
}
