import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quoteWord } from '../../policy/quote.ts';
import { shellPath } from '../shell-path.ts';
import { insertion, newFile, type Planned } from './change.ts';
import { findBlock, isSameBlock, shellMarks } from './marked-block.ts';
import { type InitPlace, installedAt, shownPath } from './place.ts';
import { hashOf, type RecordedEdit } from './record.ts';
import { readTextFile } from './text-file.ts';

/** The hook that shells source: that of the package which is installed here, else that of the package which runs. */
function hookFile(place: InitPlace): string {
  return join(installedAt(place) ?? place.root, 'hooks', 'guarded.sh');
}

/** The command that guards the shell in which it is typed. */
export function sourceCommand(place: InitPlace): string {
  return `source ${quoteWord(hookFile(place))}`;
}

/** The lines of an rc file. A package that was removed leaves a shell that works. */
function rcBlock(hook: string): string {
  return [
    `${shellMarks.begin} made by: test-governor init --rc; taken out by: test-governor init --undo`,
    `if [ -r ${shellPath(hook)} ]; then . ${shellPath(hook)}; fi`,
    shellMarks.end,
    '',
  ].join('\n');
}

/** The hook that an unedited block of ours sources, whichever package it belongs to; null when the block was edited. */
function hookIn(block: string): string | null {
  const word = /^if \[ -r '(.*)' \]; then \. /m.exec(block)?.[1]?.replaceAll("'\\''", "'");
  return word !== undefined && isSameBlock(block, rcBlock(word)) ? word : null;
}

function planRcFile(place: InitPlace, name: string, isMadeWhenAbsent: boolean): readonly Planned[] {
  const path = join(place.home, name);
  const shown = `~/${name}`;
  const hook = hookFile(place);
  if (hook.includes('\n')) {
    return [
      {
        kind: 'problem',
        sentence: `the path of the hook has a line break in it, so ${shown} was left alone`,
      },
    ];
  }
  const file = readTextFile(path);
  switch (file.kind) {
    case 'absent':
      return isMadeWhenAbsent ? [newFile('rc-lines', path, shown, rcBlock(hook))] : [];
    case 'unusable':
      return [
        {
          kind: 'problem',
          sentence: `${shown} ${file.reason}: put this line first by hand: . ${shellPath(hook)}`,
        },
      ];
    case 'read':
      return [planInText(place, { path, shown, before: file.text }, hook)];
    default:
      return file satisfies never;
  }
}

function planInText(
  place: InitPlace,
  file: { readonly path: string; readonly shown: string; readonly before: string },
  hook: string,
): Planned {
  const { before, shown } = file;
  const found = findBlock(before, shellMarks);
  switch (found.kind) {
    case 'absent': {
      const shebang = /^#!.*(?:\n|$)/.exec(before)?.[0] ?? '';
      const gap = shebang === '' || shebang.endsWith('\n') ? '' : '\n';
      return insertion('rc-lines', file, shebang.length, gap + rcBlock(hook));
    }
    case 'torn':
      return {
        kind: 'left',
        sentence: `${shown} has only one of our two marks, and stays as it is: take the line away, and run init again`,
      };
    case 'found': {
      const other = hookIn(found.text);
      if (other === hook) return { kind: 'there', sentence: `${shown} sources the hook` };
      if (other === null) {
        return { kind: 'left', sentence: `the lines between our marks in ${shown} were edited, and stay` };
      }
      if (existsSync(other)) {
        return {
          kind: 'there',
          sentence: `${shown} sources the hook of another installation: ${shownPath(place, other)}`,
        };
      }
      const edit = { start: found.start, end: found.end, text: rcBlock(hook) };
      return { kind: 'change', change: { part: 'rc-lines', ...file, edit } };
    }
    default:
      return found satisfies never;
  }
}

/**
 * The first lines of the files that bash and zsh read when they start. A ~/.bash_profile is edited only where there is one: making
 * it would hide ~/.profile, bash(1).
 */
export function planRcLines(place: InitPlace): readonly Planned[] {
  return [
    ...planRcFile(place, '.bashrc', true),
    ...planRcFile(place, '.bash_profile', false),
    ...planRcFile(place, '.zshenv', true),
  ];
}

/** Our unedited lines in rc files that source this package's hook, as edits that can be taken back without a record. */
export function markedRcLines(place: InitPlace): readonly RecordedEdit[] {
  return ['.bashrc', '.bash_profile', '.zshenv'].flatMap((name) => {
    const path = join(place.home, name);
    const file = readTextFile(path);
    const found = file.kind === 'read' ? findBlock(file.text, shellMarks) : null;
    if (file.kind !== 'read' || found?.kind !== 'found' || hookIn(found.text) !== hookFile(place)) return [];
    return [
      {
        part: 'rc-lines' as const,
        path,
        shown: `~/${name}`,
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
