// Reads all events of the state directory that its argument names; prints their numbers and the counts as JSON.
import { readEvents } from '../../../src/telemetry/read.ts';

async function main(): Promise<void> {
  const { events, counts } = readEvents(process.argv[2] ?? '');
  const numbers: (number | null)[] = [];
  for await (const event of events) {
    numbers.push(event.queued_ms);
  }
  process.stdout.write(JSON.stringify({ numbers, counts }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
