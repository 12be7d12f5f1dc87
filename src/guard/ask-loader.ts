import { runBundle } from '../run-bundle.ts';

runBundle('ask', ['argv', 'text']);
