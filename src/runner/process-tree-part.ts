// A part: see src/run-bundle.ts. All that has to do with the processes of a run that has started.

export { createGroupWitness } from './group-witness.ts';
export { endNestedOrphans } from './nested-orphans.ts';
export { openRunCgroups, removeRunCgroups } from './process-tree/cgroup.ts';
export { enterRunCgroups } from './process-tree/cgroup-enter.ts';
export { endWork } from './process-tree/end.ts';
export { hasLeftovers } from './process-tree/find.ts';
export { thawWork } from './process-tree/freeze.ts';
export { observeWork } from './process-tree/observe.ts';
export { reclaimLease } from './reclaim.ts';
export { startThrottle } from './throttle/throttle.ts';
