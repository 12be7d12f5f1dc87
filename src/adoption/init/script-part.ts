import { governedScript } from '../../policy/script-launchers.ts';
import { editedText, scriptsAdded, wholeText } from '../json-edit.ts';
import { rootManifest } from '../workspace/workspace.ts';
import { insertion, type Planned } from './change.ts';
import { type InitPlace, shownPath } from './place.ts';

/** The command of the governed script; arguments follow it. */
export const governedCommand = 'test-governor run';

/** The governed script in the root's package.json, laid out as its other scripts are. One that is there stays as it is. */
export function planScript(place: InitPlace): Planned {
  const { workspace } = place;
  if (workspace === null) {
    return {
      kind: 'left',
      sentence:
        'there is no package.json, so no script was added: a governed run is started with test-governor run',
    };
  }
  const root = rootManifest(workspace);
  if (root === null) {
    const fault = workspace.problems.find(({ file }) => file === 'package.json');
    return fault === undefined
      ? {
          kind: 'problem',
          sentence: `the workspace's root has no package.json: make one in ${workspace.root}, and run init again`,
        }
      : {
          kind: 'problem',
          sentence: `package.json:${fault.line}:${fault.column}: ${fault.problem}; mend it, and run init again`,
        };
  }
  const shown = shownPath(place, root.path);
  const own = root.scripts.find(({ name }) => name === governedScript);
  if (own?.text === governedCommand) {
    return { kind: 'there', sentence: `${shown} has the script ${governedScript}` };
  }
  if (own !== undefined) {
    return {
      kind: 'left',
      sentence: `${shown} has a script ${governedScript} of its own, which stays: ${own.text}`,
    };
  }
  const edit = scriptsAdded(root.file, [{ name: governedScript, value: governedCommand }]);
  if (edit === null) {
    return {
      kind: 'problem',
      sentence: `the scripts in ${shown} are no JSON object: mend them, and run init again`,
    };
  }
  const mark = root.file.hasByteOrderMark ? 1 : 0;
  const before = wholeText(root.file);
  const file = { path: root.path, shown, before };
  if (edit.start === edit.end) return insertion('governed-script', file, edit.start + mark, edit.text);
  // An empty object is replaced as a whole; what changes is what the two texts do not share.
  return {
    kind: 'change',
    change: {
      part: 'governed-script',
      ...file,
      edit: { start: mark, end: before.length, text: editedText(root.file, [edit]).slice(mark) },
    },
  };
}
