import { recordFigures } from '../../../src/admission/history-file.ts';

// recorder.cjs STATE_DIRECTORY NAME COUNT: records COUNT runs of a signature of its own, and prints one line for each
// that is in the history.
const [stateDirectory = '', name = '', count = '0'] = process.argv.slice(2);
for (let number = 0; number < Number(count); number++) {
  const figures = { peak: { mb: number, source: 'rss' }, durationMs: number };
  // Others may hold the lock for long on a busy machine: a test that lost runs to impatience would prove nothing.
  const result = recordFigures(stateDirectory, name, figures, 60_000);
  process.stdout.write(`${result.kind === 'recorded' ? number : result.reason}\n`);
}
