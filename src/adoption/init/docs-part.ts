import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { openClassifier } from '../../guard/classifier.ts';
import { governedScript } from '../../policy/script-launchers.ts';
import { rootManifest } from '../workspace/workspace.ts';
import { insertion, newFile, type Planned } from './change.ts';
import { findBlock, isSameBlock, markdownMarks } from './marked-block.ts';
import { type InitPlace, shownPath } from './place.ts';
import { hashOf, type RecordedEdit } from './record.ts';
import { governedCommand } from './script-part.ts';
import { lineEndOf, readTextFile } from './text-file.ts';

/** Where the policy for people goes. */
const policyDocument = 'docs/testing-policy.md';

/** What the texts say otherwise in each repository. */
interface Words {
  /** The governed form of a jest run of one directory, as the repository's package manager spells it. */
  readonly example: string;
  readonly envPrefix: string;
}

function wordsFor({ workspace, top, envPrefix }: InitPlace): Words {
  const root = workspace === null ? null : rootManifest(workspace);
  const scripts = Object.fromEntries((root?.scripts ?? []).map(({ name, text }) => [name, text]));
  const directory = workspace?.root ?? top;
  const given = root === null ? {} : { [governedScript]: governedCommand, ...scripts };
  const { replacement } = openClassifier().verdict('jest src', directory, given);
  return { example: replacement ?? `${governedCommand} jest -- src`, envPrefix };
}

/** The section for people and agents. Its commands are governed ones: docs-lint finds nothing in it. */
function docsSection({ example, envPrefix }: Words): string {
  return [
    `${markdownMarks.begin} made by: test-governor init --docs; taken out by: test-governor init --undo -->`,
    '## Running tests',
    '',
    'Several people and agents share this machine, so test runs take turns: test-governor queues them.',
    '',
    `- Run tests with \`${example}\`. In place of \`jest\`: \`vitest\`, \`pytest\`, \`turbo\`, or \`changed\`.`,
    '- A raw run is warned about, or blocked with status 126. When it says "no tests ran", none did: type the command that it names.',
    '- A run that waits is not stuck: `npx test-governor status` says for whom it waits. Do not start it a second time.',
    `- \`${envPrefix}_ALLOW_BYPASS_POLICY=1\` before a command is the recorded way around the policy. It still takes its turn.`,
    `- The whole policy: [${policyDocument}](${policyDocument}).`,
    markdownMarks.end,
    '',
  ].join('\n');
}

function planSection(place: InitPlace, path: string, section: string): Planned {
  const shown = shownPath(place, path);
  const file = readTextFile(path);
  switch (file.kind) {
    case 'absent':
      return newFile('docs-section', path, shown, section);
    case 'unusable':
      return { kind: 'problem', sentence: `${shown} ${file.reason}: it gets no section` };
    case 'read':
      break;
    default:
      return file satisfies never;
  }
  const { text } = file;
  const found = findBlock(text, markdownMarks);
  switch (found.kind) {
    case 'absent': {
      const end = lineEndOf(text);
      const gap = text === '' ? '' : text.endsWith('\n') ? end : `${end}${end}`;
      const inserted = gap + section.replaceAll('\n', end);
      return insertion('docs-section', { path, shown, before: text }, text.length, inserted);
    }
    case 'torn':
      return {
        kind: 'left',
        sentence: `${shown} has only one of our two marks, and stays as it is: take the line away, and run init again`,
      };
    case 'found':
      return isSameBlock(found.text, section)
        ? { kind: 'there', sentence: `${shown} has the section` }
        : {
            kind: 'left',
            sentence: `the section between our marks in ${shown} says something else, and stays; for the present text, take it out and run init again`,
          };
    default:
      return found satisfies never;
  }
}

/** Where links lead; the path itself for a link that leads nowhere, as reading it says. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The files that agents read, each once: CLAUDE.md is often a link to AGENTS.md. */
function agentFiles(top: string): readonly string[] {
  const files = new Map<string, string>();
  for (const name of ['AGENTS.md', 'CLAUDE.md']) {
    const path = join(top, name);
    if (readTextFile(path).kind === 'absent') continue;
    const real = realPathOf(path);
    if (!files.has(real)) files.set(real, path);
  }
  return files.size === 0 ? [join(top, 'AGENTS.md')] : [...files.values()];
}

/** What the template, which is a page of ours as well, says in place of the repository's own words. */
const templateWords = { example: 'npm run test:governed -- jest -- src', prefix: 'BASESHOP_' } as const;

/** The policy for people, from its template. One that is there belongs to the team. */
function planPolicyDocument(place: InitPlace, { example, envPrefix }: Words): Planned {
  const path = join(place.top, policyDocument);
  const shown = shownPath(place, path);
  const file = readTextFile(path);
  switch (file.kind) {
    case 'absent': {
      const template = readTextFile(join(place.root, policyDocument));
      if (template.kind !== 'read') {
        return {
          kind: 'problem',
          sentence: `our own ${policyDocument} cannot be read: install test-governor again`,
        };
      }
      const text = template.text
        .replaceAll(templateWords.prefix, `${envPrefix}_`)
        .replaceAll(templateWords.example, () => example);
      return newFile('testing-policy', path, shown, text);
    }
    case 'unusable':
      return { kind: 'problem', sentence: `${shown} ${file.reason}` };
    case 'read':
      return { kind: 'there', sentence: `${shown} is there` };
    default:
      return file satisfies never;
  }
}

/** A section for AGENTS.md and CLAUDE.md, and the policy for people. */
export function planDocs(place: InitPlace): readonly Planned[] {
  const words = wordsFor(place);
  const section = docsSection(words);
  return [
    ...agentFiles(place.top).map((path) => planSection(place, path, section)),
    planPolicyDocument(place, words),
  ];
}

/** Our unedited sections in the files that agents read, as edits that can be taken back without a record. */
export function markedSections(place: InitPlace): readonly RecordedEdit[] {
  const section = docsSection(wordsFor(place));
  return agentFiles(place.top).flatMap((path) => {
    const file = readTextFile(path);
    const found = file.kind === 'read' ? findBlock(file.text, markdownMarks) : null;
    if (file.kind !== 'read' || found?.kind !== 'found' || !isSameBlock(found.text, section)) return [];
    return [
      {
        part: 'docs-section' as const,
        path,
        shown: shownPath(place, path),
        created: false,
        start: found.start,
        removed: '',
        inserted: found.text,
        beforeHash: '',
        afterHash: hashOf(file.text),
      },
    ];
  });
}
