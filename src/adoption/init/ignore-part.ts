import { execFileSync } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { insertion, newFile, type Planned } from './change.ts';
import { type InitPlace, shownPath } from './place.ts';
import { lineEndOf, readTextFile } from './text-file.ts';

/** Where a repository's state lies, as .gitignore says it. */
const ignoreEntry = '.cache/test-governor/';

/**
 * The file of the repository whose pattern has git ignore our state; null when none does, or git does not say. What only this
 * clone or this user ignores does not count: others have the repository as well.
 * `git check-ignore -v -z` prints source, line, pattern and path, gitignore(5); exits 1 when nothing matches.
 */
function ignoredBy(top: string): string | null {
  let answer: string;
  try {
    answer = execFileSync('git', ['check-ignore', '-v', '-z', '--stdin'], {
      cwd: top,
      input: `${ignoreEntry}events.jsonl\0`,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: 10_000,
    });
  } catch {
    // Not ignored, or no git on this machine: the entry is then looked for by its text.
    return null;
  }
  const [source = '', , pattern = ''] = answer.split('\0');
  const isShared = source !== '' && !isAbsolute(source) && !source.startsWith('.git/');
  // The state directory ignores itself, but only where it is already there.
  return isShared && !source.startsWith(ignoreEntry) && !pattern.startsWith('!') ? source : null;
}

function hasEntry(text: string): boolean {
  const spellings = [ignoreEntry, ignoreEntry.slice(0, -1)].flatMap((entry) => [entry, `/${entry}`]);
  return text.split(/\r?\n/).some((line) => spellings.includes(line.trimEnd()));
}

/** The ignore entry for the state directory, at the end of .gitignore. */
export function planIgnoreEntry(place: InitPlace): Planned {
  if (!place.isInGit) {
    return {
      kind: 'there',
      sentence:
        place.state.kind === 'ok'
          ? `this is no git repository: nothing to ignore, state lies in ${place.state.path}`
          : 'this is no git repository: nothing to ignore',
    };
  }
  const path = join(place.top, '.gitignore');
  const shown = shownPath(place, path);
  const file = readTextFile(path);
  switch (file.kind) {
    case 'absent': {
      const source = ignoredBy(place.top);
      return source === null
        ? newFile('ignore-entry', path, shown, `${ignoreEntry}\n`)
        : { kind: 'there', sentence: `${source} ignores ${ignoreEntry}` };
    }
    case 'unusable':
      return { kind: 'problem', sentence: `${shown} ${file.reason}: add a line ${ignoreEntry} by hand` };
    case 'read': {
      const source = hasEntry(file.text) ? '.gitignore' : ignoredBy(place.top);
      if (source !== null) return { kind: 'there', sentence: `${source} ignores ${ignoreEntry}` };
      const end = lineEndOf(file.text);
      const gap = file.text === '' || file.text.endsWith('\n') ? '' : end;
      return insertion(
        'ignore-entry',
        { path, shown, before: file.text },
        file.text.length,
        `${gap}${ignoreEntry}${end}`,
      );
    }
    default:
      return file satisfies never;
  }
}
