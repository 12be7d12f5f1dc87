import type { Environment } from '../env.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import type { Lease } from '../queue/ticket.ts';
import type { GovernedRun } from './governed-run.ts';

/** The variable that holds the id of a run's lease. */
export function leaseVariable({ envPrefix }: Pick<GovernedRun, 'envPrefix'>): string {
  return `${envPrefix}_GOVERNED_LEASE`;
}

/** The environment of everything below a governed run but for its lease: the marker, who holds that in which queue, and no decision of an earlier asker. */
export function surroundingEnvironment(
  run: Pick<GovernedRun, 'environment' | 'envPrefix' | 'directory'>,
  holder: ProcessIdentity,
): Environment {
  const { envPrefix } = run;
  const { [`${envPrefix}_GUARD_DECISION`]: _, [leaseVariable(run)]: __, ...rest } = run.environment;
  return {
    ...rest,
    [`${envPrefix}_GOVERNED_CONTEXT`]: '1',
    [`${envPrefix}_GOVERNED_QUEUE`]: run.directory,
    [`${envPrefix}_GOVERNED_HOLDER`]: JSON.stringify(holder),
  };
}

/** The environment of everything below a governed run, its lease included. */
export function insideEnvironment(
  run: Pick<GovernedRun, 'environment' | 'envPrefix' | 'directory'>,
  { id, holder }: Pick<Lease, 'id' | 'holder'>,
): Environment {
  return { ...surroundingEnvironment(run, holder), [leaseVariable(run)]: id };
}
