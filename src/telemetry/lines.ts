import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { lineStart } from './event.ts';

/** What the filter saw. */
export interface LineCounts {
  /** Lines handed on: each begins like a JSON object. */
  passed: number;
  /** Beginnings of lines whose rest is missing, and lines too long to be anything of ours. */
  torn: number;
  /** Lines that are no JSON object. */
  foreign: number;
}

/** Far longer than any event: a file without newlines must not fill the memory. */
const longestLine = 64 * 1024;

/**
 * Lets through only lines that begin like a JSON object. The parser behind it would take a line `null` for the end
 * of the stream, and keep a file without newlines in memory as a whole.
 * Where a torn line is glued to the next event, the event is cut free: `lineStart` cannot stand within a line.
 */
export function eventLines(counts: LineCounts): Transform {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let skipping = false;

  const sift = (line: string): string => {
    const start = line.lastIndexOf(lineStart);
    if (start > 0) {
      counts.torn++;
    }
    const event = start > 0 ? line.slice(start) : line.trim();
    if (event.startsWith('{')) {
      counts.passed++;
      return `${event}\n`;
    }
    counts.foreign += event === '' ? 0 : 1;
    return '';
  };

  const take = (text: string): string => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    let out = '';
    for (const line of lines) {
      if (skipping) {
        // The end of a line that was too long; an event may still be glued to it.
        skipping = false;
        const start = line.lastIndexOf(lineStart);
        out += start >= 0 ? sift(line.slice(start)) : '';
      } else {
        out += sift(line);
      }
    }
    if (rest.length > longestLine) {
      counts.torn += skipping ? 0 : 1;
      skipping = true;
      rest = rest.slice(-longestLine / 2);
    }
    return out;
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, take(decoder.write(chunk)));
    },
    flush(done) {
      done(null, take(`${decoder.end()}\n`));
    },
  });
}
