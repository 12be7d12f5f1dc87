// docs-lint over 5,000 Markdown files (40 MB): a repository's usual documents, of which one in ten names a runner, and the
// worst case, in which every file holds commands to report.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, root, scratchDirectory, scratchFile } from '../lib/place.mjs';
import { row } from '../lib/report.mjs';

const files = 5000;
const bytesEach = 8 * 1024;

const prose =
  'Each component says what it needs and what it gives, with its *options*, [their defaults](https://example.com/a?b=1) and ' +
  'what happens when they are left out; see `createStore(options)` for the rest.\n';
const section = (number) => `
## Step ${number}

${prose}${prose}
- one item with \`code-${number}\`
- another **item**
  - a nested one

\`\`\`bash
npm install
cd packages/web && npm run build -- --mode production
\`\`\`

\`\`\`ts
export const answer${number}: number = compute({ deep: [1, 2, 3] });
\`\`\`

| option | default |
| --- | --- |
| \`--depth\` | ${number} |

> ${prose}`;
const commands = '\n```sh\nnpx jest src --ci\npnpm exec vitest run | tail -20\n```\n\nThen run `npm test`.\n';

function document(index, hasCommands) {
  let text = `# Guide ${index}\n\n${prose}`;
  for (let number = 1; text.length < bytesEach; number++) text += section(number);
  return hasCommands ? text + commands : text;
}

function makeDocuments(name, everyNth) {
  const directory = scratchDirectory(name);
  writeFileSync(
    join(directory, 'package.json'),
    '{"scripts":{"test":"jest","build":"tsc","test:governed":"test-governor run"}}',
  );
  let findings = 0;
  for (let index = 0; index < files; index++) {
    const folder = join(directory, `package-${index % 100}`);
    mkdirSync(folder, { recursive: true });
    const hasCommands = index % everyNth === 0;
    findings += hasCommands ? 3 : 0;
    writeFileSync(join(folder, `${index}.md`), document(index, hasCommands));
  }
  return { directory, findings };
}

/** Runs docs-lint and gives seconds and the peak of its memory in MB. */
function lint({ directory, findings }) {
  const result = join(scratchDirectory(), 'peak');
  const probe = scratchFile(
    'probe.cjs',
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(result)}, String(process.resourceUsage().maxRSS)));`,
  );
  const start = process.hrtime.bigint();
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--require', probe, join(root, 'bin', 'test-governor'), 'docs-lint', '--json'],
    { cwd: directory, env: plainEnvironment(), maxBuffer: 1 << 30 },
  );
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const report = JSON.parse(stdout);
  if (status !== 1 || report.files !== files || report.findings.length !== findings) {
    throw new Error(
      `docs-lint ended with ${status}, ${report.files} files and ${report.findings.length} findings`,
    );
  }
  return { seconds, megabytes: Number(readFileSync(result, 'utf8')) / 1024 };
}

export const title = 'docs-lint of 5,000 Markdown files (40 MB)';

export async function run() {
  const met = [];
  for (const [name, everyNth] of [
    ['one file in ten has commands to report', 10],
    ['every file has', 1],
  ]) {
    const { seconds, megabytes } = lint(makeDocuments(`docs-${everyNth}`, everyNth));
    met.push(
      row(`${name}: time`, seconds, { atMost: 10, unit: ' s' }),
      row(`${name}: memory`, megabytes, { atMost: 300, unit: ' MB', digits: 0 }),
    );
  }
  return met;
}
