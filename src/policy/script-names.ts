import type { ScriptNames } from './launchers/launcher.ts';
import { starPattern } from './patterns.ts';
import type { PackageFacts } from './verdict.ts';

/** The user's regular expression; null when it is none, or one whose nested repetitions could take for ever. */
function userExpression(source: string): RegExp | null {
  if (/[+*}]\)?[+*{]|\)[+*{]/.test(source)) return null;
  try {
    return new RegExp(source);
  } catch {
    // Not a regular expression: pnpm would refuse it as well.
    return null;
  }
}

/** The scripts of a package that a launcher means, in the package's order. */
export function matchingNames(scripts: PackageFacts['scripts'], names: ScriptNames): readonly string[] {
  switch (names.kind) {
    case 'name':
      return Object.hasOwn(scripts, names.name) ? [names.name] : [];
    case 'pattern': {
      const matcher = starPattern(names.pattern, '[^:]*');
      return Object.keys(scripts).filter((candidate) => matcher.test(candidate));
    }
    case 'expression': {
      const matcher = userExpression(names.expression);
      return matcher === null ? [] : Object.keys(scripts).filter((candidate) => matcher.test(candidate));
    }
    default:
      return names satisfies never;
  }
}
