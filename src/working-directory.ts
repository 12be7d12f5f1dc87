/** What is said where the current directory is needed and was deleted; one sentence without its full stop. */
export const noWorkingDirectory = 'the current directory does not exist any more; cd to one that does';

/** The current directory; null when it was deleted, as the worktree of an agent is below a shell that stands in it. */
export function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
