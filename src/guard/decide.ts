import type { ModeInForce } from '../mode.ts';
import type { Classification } from '../policy/verdict.ts';

/** What the guard does about one command. */
export type Decision =
  /** No opinion: nothing is said, stored or recorded. */
  | { readonly kind: 'pass' }
  /** Allowed, and layers below need not ask again. */
  | { readonly kind: 'allow' }
  | { readonly kind: 'warn' }
  | { readonly kind: 'override' }
  | { readonly kind: 'block' };

/** What stands above the command that is asked about. */
export interface Standing {
  /** It runs below a governed run that holds a live lease. */
  readonly governed: boolean;
  /** It runs below a command that was decided already. */
  readonly decided: boolean;
}

/** The guard's decision, from facts alone. */
export function decide(classification: Classification, mode: ModeInForce, standing: Standing): Decision {
  switch (classification.verdict) {
    case 'none':
      return { kind: 'pass' };
    case 'harmless':
    case 'governed':
      return { kind: 'allow' };
    case 'bypass': {
      if (standing.governed || standing.decided) return { kind: 'allow' };
      if (mode.bypassPolicy || mode.allowOverload || mode.lowered) return { kind: 'override' };
      switch (mode.mode) {
        case 'off':
          return { kind: 'pass' };
        case 'warn':
          return { kind: 'warn' };
        case 'enforce':
          return { kind: 'block' };
        default:
          return mode.mode satisfies never;
      }
    }
    default:
      return classification.verdict satisfies never;
  }
}
