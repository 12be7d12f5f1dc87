/** Waits some milliseconds; a signal ends the wait early, and is no error. Keeps the process alive meanwhile. */
export function pause(milliseconds: number, hurry?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      hurry?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    hurry?.addEventListener('abort', finish, { once: true });
    if (hurry?.aborted === true) finish();
  });
}

/** Lets whatever waits on the event loop go first. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
