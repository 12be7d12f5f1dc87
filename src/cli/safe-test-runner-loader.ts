import { runBundle } from '../run-bundle.ts';

runBundle('safe-test-runner');
