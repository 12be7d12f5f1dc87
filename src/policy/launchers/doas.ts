import { prefixLauncher } from './prefix.ts';

/** `doas [-u x] command`. */
export const doas = prefixLauncher({
  names: ['doas'],
  takesValue: ['-u', '-C', '-a'],
  inert: ['-L'],
  stays: 'environment',
});
