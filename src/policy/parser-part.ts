// A part: see src/run-bundle.ts.
export { forEachChild, parse } from 'unbash';
