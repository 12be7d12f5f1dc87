import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { upward } from './repository.ts';

/** The directory of this package (the one that holds `templates/` and `package.json`), found from a file inside it. */
export function packageRoot(from: string): string {
  for (const candidate of upward(from)) {
    if (existsSync(join(candidate, 'templates')) && existsSync(join(candidate, 'package.json')))
      return candidate;
  }
  return dirname(from);
}
