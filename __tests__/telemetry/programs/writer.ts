// Writes a numbered series of events and says each number on stdout once its event is in the file.
// Arguments: state directory, writer's number, how many events, the size above which to rotate (0: the default).
import { writeSync } from 'node:fs';
import { openPrivateDirectory } from '../../../src/state-directory.ts';
import { appendEvent } from '../../../src/telemetry/append.ts';
import { sampleEvent } from '../sample.ts';

const [directory = '', writer = '', count = '', rotateAbove = ''] = process.argv.slice(2);

// The first writers of a repository start at the same moment, too.
const opened = openPrivateDirectory(directory);
if (opened.kind === 'refused') {
  throw new Error(opened.reason);
}

const options = rotateAbove === '0' ? {} : { rotateAbove: Number(rotateAbove) };
let slowest = 0;
for (let sequence = 0; sequence < Number(count); sequence++) {
  const before = performance.now();
  const result = appendEvent(
    directory,
    sampleEvent({ workers: Number(writer), queued_ms: sequence }),
    options,
  );
  slowest = Math.max(slowest, performance.now() - before);
  if (result.kind === 'not-written') {
    writeSync(2, `${result.reason}\n`);
    process.exitCode = 1;
    break;
  }
  writeSync(1, `${sequence}\n`);
}
writeSync(2, `slowest=${Math.ceil(slowest)}\n`);
