// Makes the control groups of a run where it stands, prints their directories as JSON, and removes them.
import { openRunCgroups, removeRunCgroups } from '../../../../src/runner/process-tree/cgroup.ts';
import { newCookie } from '../support.ts';

const directories = openRunCgroups(newCookie(), { enabled: true });
console.log(JSON.stringify(directories));
removeRunCgroups(directories);
