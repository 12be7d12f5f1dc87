import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { monotonicMs } from '../clock.ts';

/** To whom a signal was sent that has reached us. */
export type Addressee =
  /** To every process of our process group: by a terminal, `kill -- -<pgid>`, timeout(1). */
  | 'group'
  | 'us'
  /** There was no witness. */
  | 'unknown';

/**
 * A process of our own group that does nothing but answer. The kernel does not tell node to whom a signal was sent; but one for the
 * group ends the witness as well, and what has ended does not answer.
 */
export interface GroupWitness {
  /** Asks about a signal that has just come. */
  ask(signal: NodeJS.Signals): Promise<Addressee>;
  /** There is no witness any more. May be called twice. */
  close(): void;
}

/** Leaves no core file when SIGQUIT ends it, and ends with us, as its input does. */
const script = 'ulimit -c 0; while read -r _; do echo; done';

/** One that does not answer within this time, in milliseconds, was stopped: nobody can tell. */
const answerMs = 500;

/** The same signal may be heard of by the end of the witness first, and then by ourselves, so many milliseconds later. */
const sameSignalMs = 100;

interface Standing {
  readonly child: ChildProcess;
  readonly input: Socket;
  readonly output: Socket;
}

function isSocket(stream: unknown): stream is Socket {
  return typeof stream === 'object' && stream !== null && 'unref' in stream;
}

/** Null where no process can be made. It does not keep us running. */
function callWitness(): Standing | null {
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'], env: {}, cwd: '/' });
  } catch {
    return null;
  }
  // Said also of a signal that it is too late for.
  child.on('error', () => undefined);
  const { stdin: input, stdout: output } = child;
  if (child.pid === undefined || !isSocket(input) || !isSocket(output)) return null;
  // It may end before it has read the question.
  input.on('error', () => undefined);
  child.unref();
  input.unref();
  output.unref();
  return { child, input, output };
}

/** Resolves with true when it answers, and with false when it ends instead, or not in time. */
function answers({ child, input, output }: Standing): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isAnswer: boolean) => {
      clearTimeout(timer);
      output.off('data', onAnswer);
      child.off('exit', onNone);
      resolve(isAnswer);
    };
    const onAnswer = () => settle(true);
    const onNone = () => settle(false);
    const timer = setTimeout(onNone, answerMs);
    output.on('data', onAnswer);
    child.on('exit', onNone);
    input.write('\n');
  });
}

/** A witness that stands from `delayMs` on. After a signal to the group another one takes its place. */
export function createGroupWitness(delayMs: number): GroupWitness {
  let standing: Standing | null = null;
  let isClosed = false;
  /** What ended the last one, and when. */
  let last: { readonly signal: NodeJS.Signals | null; readonly at: number } | null = null;
  const call = () => {
    standing = isClosed ? null : callWitness();
    standing?.child.on('exit', (_code, signal) => {
      last = { signal, at: monotonicMs() };
      // One that ends by itself would do so again.
      if (signal === null) standing = null;
      else call();
    });
  };
  const timer = setTimeout(call, delayMs).unref();
  const hasEndedOneBy = (signal: NodeJS.Signals) =>
    last !== null && last.signal === signal && monotonicMs() - last.at < sameSignalMs;
  return {
    async ask(signal) {
      if (hasEndedOneBy(signal)) return 'group';
      if (standing === null) return 'unknown';
      if (await answers(standing)) return 'us';
      return hasEndedOneBy(signal) ? 'group' : 'unknown';
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      standing?.child.kill('SIGKILL');
      standing = null;
    },
  };
}
