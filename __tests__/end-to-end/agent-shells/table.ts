import { directForms } from './direct.ts';
import { oneShotForms } from './one-shot.ts';
import type { AgentShell } from './plan.ts';
import { terminalForms } from './terminals.ts';

/** Every way in which agents start a shell that the tests try. docs/agent-shells.md tells it to people. */
export const agentShells: readonly AgentShell[] = [...oneShotForms, ...terminalForms, ...directForms];
