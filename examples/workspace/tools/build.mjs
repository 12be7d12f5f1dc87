// Builds the package in the current directory: its sources, free of comment lines, in dist/.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
for (const file of await readdir('src')) {
  const source = await readFile(`src/${file}`, 'utf8');
  const code = source.replace(/^\s*(\/\*\*.*|\*.*|\/\/.*)\n/gm, '');
  await writeFile(`dist/${file}`, code);
}
const { name } = JSON.parse(await readFile('package.json', 'utf8'));
console.log(`built ${name}`);
