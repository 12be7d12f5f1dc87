import { type Argument, literal } from './argument.ts';
import type { Start } from './launchers/launcher.ts';
import type { PackageManager } from './verdict.ts';

/** Words of the user's command that a replacement keeps around the governed one. */
export interface Kept {
  readonly before: readonly Argument[];
  readonly after: readonly Argument[];
  /** One of them puts arguments behind the command's own. */
  readonly suppliesArguments: boolean;
  /** Where these words stand, and where what they start runs; null when it is not known. */
  readonly outside: string | null;
  readonly inside: string | null;
  /** The package runner directly in front (`npx -y`), kept only if what it starts is. */
  readonly lead: readonly Argument[];
}

/** Nothing is kept yet. */
export const nothingKept: Kept = {
  before: [],
  after: [],
  suppliesArguments: false,
  outside: null,
  inside: null,
  lead: [],
};

/** How each package manager starts a program of node_modules/.bin. */
const programRunners: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['npx'],
  pnpm: ['pnpm', 'exec'],
  yarn: ['yarn', 'run'],
  'yarn-berry': ['yarn', 'run'],
  bun: ['bunx'],
};

/** The words of `whole` in front of `rest`; none when `rest` is not its end. */
function wordsBefore(whole: readonly Argument[], rest: readonly Argument[]): readonly Argument[] {
  const count = whole.length - rest.length;
  const isEnd = count >= 0 && rest.every((word, index) => word === whole[count + index]);
  return isEnd ? whole.slice(0, count) : [];
}

/** The launch that {@link keepFor} looks at. */
export interface Launch {
  readonly start: Extract<Start, { kind: 'argv' }>;
  /** The launcher's whole command. */
  readonly args: readonly Argument[];
  /** Where the launcher runs, and where it starts its command. */
  readonly cwd: string | null;
  readonly inside: string | null;
  /** It stands in a package script, where programs of node_modules/.bin go by their bare names. */
  readonly isInScript: boolean;
  readonly packageManager: PackageManager;
}

/** What is kept once a launcher has started its command. */
export function keepFor(kept: Kept, launch: Launch): Kept {
  const { start } = launch;
  if (start.stays === 'no') {
    const lead = start.via === null ? [] : [...kept.lead, ...wordsBefore(launch.args, start.args)];
    return lead.length === 0 && kept.lead.length === 0 ? kept : { ...kept, lead };
  }
  const isBare = start.stays === 'package-environment' && launch.isInScript && kept.lead.length === 0;
  const lead = isBare ? programRunners[launch.packageManager].map(literal) : kept.lead;
  const words = wordsBefore(launch.args, [...start.args, ...start.after]);
  // `uv run -m pytest` names a module; what stands in its place is a program.
  const end =
    start.via === 'uv' ? words.filter(({ value }) => value !== '-m' && value !== '--module') : words;
  return {
    before: [...kept.before, ...lead, ...end],
    after: [...start.after, ...kept.after],
    suppliesArguments: kept.suppliesArguments || start.stays === 'arguments',
    outside: kept.before.length > 0 ? kept.outside : launch.cwd,
    inside: launch.inside,
    lead: [],
  };
}

/** What stays kept for the commands of a text or a script: they are others than the one that was given arguments. */
export function keepForText(kept: Kept): Kept {
  if (kept.suppliesArguments) return nothingKept;
  return kept.lead.length === 0 ? kept : { ...kept, lead: [] };
}
