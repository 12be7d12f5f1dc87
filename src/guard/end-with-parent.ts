/** How often it is looked for, in milliseconds. */
const lookMs = 200;

/**
 * Ends this process as SIGTERM does once its parent is not `parent` any more: a wait ends, a run is asked to end and its lease given
 * back. The kernel could tell (PR_SET_PDEATHSIG), but node cannot ask it to. Does not keep the process alive.
 */
export function endWithParent(parent: number): void {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, lookMs);
  timer.unref();
}
