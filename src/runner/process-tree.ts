type ProcessTree = typeof import('./process-tree-part.ts');

let loaded: ProcessTree | undefined;

/** What watches and ends the processes of runs. Loaded once the tests have been started: until then the user waits. */
export function processTree(): ProcessTree {
  if (loaded === undefined) {
    const part: ProcessTree = require('./process-tree-part.ts');
    loaded = part;
  }
  return loaded;
}
