import { execFileSync } from 'node:child_process';

/** The command that starts a program with mounts of its own, which end with it; null where that is not allowed. */
export function mountCommand(): readonly string[] | null {
  for (const flags of ['-m', '-Urm']) {
    try {
      execFileSync('unshare', [flags, 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' });
      return ['unshare', flags];
    } catch {
      // Not allowed here.
    }
  }
  return null;
}
