// A part: see src/run-bundle.ts. What only a run that has to wait says.
export { createWaitingDisplay } from './waiting-display.ts';
