// Runs the escape tree and ends it, as whoever starts this. With a pid, that process counts as one of the run's.
import { isAlive } from '../../../../src/process-identity.ts';
import { endWork } from '../../../../src/runner/process-tree/end.ts';
import { cleanUp, identityOf, startEscapeTree, survivors } from '../support.ts';

async function main(foreign: string | undefined): Promise<void> {
  const { work, processes } = await startEscapeTree('cgroups');
  // The foreign process is older than the leader, which would tell that it cannot belong to the run.
  const whole = foreign === undefined ? work : { ...work, leader: null };
  const known = foreign === undefined ? [] : [{ identity: identityOf(Number(foreign)), name: '', parent: 1 }];
  const report = await endWork(whole, { graceMs: 500, killMs: 100, known });
  const summary = {
    groups: work.cgroups.length,
    ended: report.ended.length,
    forced: report.forced,
    survivors: survivors(processes),
    remaining: report.remaining.map(({ reason }) => reason),
  };
  console.log(JSON.stringify(summary));
  const scrubbed = processes.get('scrubbed');
  await cleanUp(...(scrubbed !== undefined && isAlive(scrubbed) ? [scrubbed] : []));
}

main(process.argv[2]);
