import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { configFileName, describeInvalid } from '../../config.ts';
import { newFile, type Planned } from './change.ts';
import { type InitPlace, installedAt, shownPath } from './place.ts';

/** What editors read the schema by: the installed package's file, relative, else the file of the package that runs. */
function schemaReference(place: InitPlace): string {
  const inPackage = join('schemas', 'config.schema.json');
  const installed = installedAt(place);
  const file = join(
    installed !== null && existsSync(join(installed, inPackage)) ? installed : place.root,
    inPackage,
  );
  const path = relative(place.top, file);
  return path.startsWith('..') || isAbsolute(path) ? file : `./${path}`;
}

/** The config file, with the mode in which every team begins. One that is there stays as it is. */
export function planConfig(place: InitPlace): Planned {
  const { config, top } = place;
  switch (config.kind) {
    case 'none': {
      const path = join(top, configFileName);
      const text = `${JSON.stringify({ $schema: schemaReference(place), mode: 'warn' }, null, 2)}\n`;
      return newFile('config', path, shownPath(place, path), text);
    }
    case 'ok':
      return { kind: 'there', sentence: `${shownPath(place, config.file)} is there` };
    case 'invalid':
      return { kind: 'problem', sentence: `${describeInvalid(config)}: mend it, and run init again` };
    default:
      return config satisfies never;
  }
}
