// Runs the files of a suite plain and guarded, and finds those that end differently.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inMode, modes } from './modes.mjs';

/** How often a file may be run in each mode before a difference counts: some tests differ from run to run. */
const attempts = 3;
const limitMs = 180_000;

/**
 * Runs `files` of `suite` in every mode. Gives for each file and guarded mode whether it ended as a plain run did, and
 * the two outputs when it did not. `onProgress` is called with a file's name before it is run.
 */
export async function compareSuite(suite, files, place, onProgress) {
  const results = [];
  for (const name of files) {
    onProgress(name);
    const plain = [await outcome(suite, name, 'plain', place)];
    const differing = {};
    for (const mode of modes.slice(1)) {
      const guarded = await settle(suite, name, mode, plain, place);
      if (guarded !== null) differing[mode] = guarded;
    }
    results.push({ name, plain: plain[0], differing });
  }
  return results;
}

/** Null when some run in `mode` ended as some plain run did, else the last guarded output. */
async function settle(suite, name, mode, plain, place) {
  let guarded = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    guarded = await outcome(suite, name, mode, place);
    if (plain.includes(guarded)) return null;
    if (plain.length < attempts) plain.push(await outcome(suite, name, 'plain', place));
    if (plain.includes(guarded)) return null;
  }
  return guarded;
}

/** Output and status of one file, as one text. */
function outcome(suite, name, mode, place) {
  const { argv, env } = inMode(mode, suite.argv(name), suite.environment, place);
  return new Promise((fulfil, reject) => {
    const child = spawn(argv[0], argv.slice(1), {
      cwd: suite.cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nstopped after ${limitMs / 1000} s\n`));
      process.kill(-child.pid, 'SIGKILL');
    }, limitMs);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      fulfil(`${withoutChance(Buffer.concat(chunks).toString('latin1'))}ended with ${signal ?? status}\n`);
    });
  });
}

/** What differs from run to run by its nature: times, process ids in names and messages, temporary names. */
function withoutChance(text) {
  return text
    .replace(/\d\d:\d\d:\d\d\.\d+/g, 'TIME')
    .replace(/\b\d{4,7}\b/g, 'N')
    .replace(/(zsh|bash|tmp|sh-np-|sh-thd)[.-]?[A-Za-z0-9]{6,}/g, '$1…');
}

/** Writes both outputs beside each other and gives the lines of `diff` between them. */
export function writeDifference(directory, result, mode) {
  mkdirSync(directory, { recursive: true });
  const base = join(directory, result.name);
  writeFileSync(`${base}.plain`, result.plain);
  writeFileSync(`${base}.${mode}`, result.differing[mode]);
  return { plain: `${base}.plain`, guarded: `${base}.${mode}` };
}
