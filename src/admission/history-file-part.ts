// A part: see src/run-bundle.ts. Needed only where a history cannot be read.
export { setHistoryAside } from './history-file.ts';
