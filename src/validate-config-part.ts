// A part: see src/run-bundle.ts. Most repositories have no config.
export { default as validate } from './generated/validate-config.cjs';
