// Ends the run that the named file describes, as a reclaimer does, and prints the report.
import { readFileSync } from 'node:fs';
import { endWork } from '../../../../src/runner/process-tree/end.ts';
import type { Work } from '../../../../src/runner/process-tree/work.ts';

const work: Work = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
endWork(work, { graceMs: 10_000 }).then((report) => console.log(JSON.stringify(report)));
