import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '../process-identity.ts';
import { leaseDirectory } from './lease.ts';

/** Whether a lease could be taken. */
export type TakenLease =
  | { readonly kind: 'taken'; readonly id: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Writes a lease that this process holds. Published whole, by a link, so that no reader sees half of it. Never throws. */
export function takeLease(stateDirectory: string): TakenLease {
  const holder = identify(process.pid);
  if (holder === null) return { kind: 'failed', reason: 'this process cannot be identified' };
  const id = randomBytes(8).toString('hex');
  const directory = leaseDirectory(stateDirectory);
  const temporary = join(directory, `.${id}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify({ id, holder }), { flag: 'wx', mode: 0o600 });
    linkSync(temporary, join(directory, `${id}.json`));
    return { kind: 'taken', id };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Takes a lease of this process back. A directory that is gone has none left; other failures leave a lease whose holder is dead. */
export function giveUpLease(stateDirectory: string, id: string): void {
  try {
    rmSync(join(leaseDirectory(stateDirectory), `${id}.json`), { force: true });
  } catch {
    // A read-only disk: the lease names this process, and counts for nothing once it has ended.
    return;
  }
}
