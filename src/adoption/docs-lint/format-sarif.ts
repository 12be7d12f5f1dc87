import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Rule } from './finding.ts';
import { ruleDescriptions } from './rules.ts';

/** The directory that relative URIs are meant from, by its customary name. */
const rootName = 'SRCROOT';

const rules = Object.entries(ruleDescriptions).map(([id, text]) => ({
  id,
  shortDescription: { text },
  defaultConfiguration: { level: 'error' },
}));

function ruleIndex(rule: Rule): number {
  return rules.findIndex(({ id }) => id === rule);
}

function artifactLocation(path: string, root: string): Readonly<Record<string, string>> {
  const below = relative(root, path);
  if (below.startsWith('..') || isAbsolute(below)) return { uri: pathToFileURL(path).href };
  return { uri: below.split(sep).map(encodeURIComponent).join('/'), uriBaseId: rootName };
}

function messageOf({ message, command, replacement }: Finding): string {
  const sentence = command === null ? message : `${message}: ${command}`;
  return replacement === null ? sentence : `${sentence}\nType instead: ${replacement}`;
}

function result(finding: Finding, root: string): unknown {
  const location = artifactLocation(finding.path, root);
  const region = {
    startLine: finding.line,
    startColumn: finding.column,
    endLine: finding.endLine,
    endColumn: finding.endColumn,
  };
  return {
    ruleId: finding.rule,
    ruleIndex: ruleIndex(finding.rule),
    level: 'error',
    message: { text: messageOf(finding) },
    locations: [{ physicalLocation: { artifactLocation: location, region } }],
    ...(finding.fix === null
      ? {}
      : {
          fixes: [
            {
              description: { text: 'Go through the governor.' },
              artifactChanges: [
                {
                  artifactLocation: location,
                  replacements: [{ deletedRegion: region, insertedContent: { text: finding.fix } }],
                },
              ],
            },
          ],
        }),
  };
}

/**
 * A SARIF 2.1.0 log (OASIS standard, 27 March 2020) with one run.
 * @param root the checkout's top; files below it get URIs relative to it.
 * @param version of this package.
 */
export function formatAsSarif(findings: readonly Finding[], root: string, version: string): string {
  const base = pathToFileURL(root).href;
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'test-governor docs-lint', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [rootName]: { uri: base.endsWith('/') ? base : `${base}/` } },
        results: findings.map((finding) => result(finding, root)),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}
