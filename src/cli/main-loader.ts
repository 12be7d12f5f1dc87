import { runBundle } from '../run-bundle.ts';

runBundle('cli');
