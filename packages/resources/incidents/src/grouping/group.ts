import type { FoldReason } from '@medkit/contract';
import { faultKey, type Occurrence } from '../occurrence/occurrence.ts';

/** Why two occurrences are one event. */
export interface Fold {
  readonly because: Exclude<FoldReason, 'first'>;
  /** The other occurrence. */
  readonly with: Occurrence;
  readonly ruleId?: string;
  /** For a rule: true if it explains the other occurrence by this one. */
  readonly explains?: boolean;
}

/** An occurrence of an incident; the first has no fold. */
export interface Member {
  readonly occurrence: Occurrence;
  readonly fold?: Fold;
}

/** The occurrences of one event, earliest first; at least one. */
export interface Group {
  readonly members: readonly Member[];
}

/** Corrections of users, by occurrence key. */
export interface Corrections {
  /** Occurrences with the same label are one event, those with different labels never. */
  readonly labels: ReadonlyMap<string, string>;
  /** When the event of an occurrence was closed, milliseconds: later occurrences are another event. */
  readonly closedMs: ReadonlyMap<string, number>;
  /** When it was reopened. */
  readonly reopenedMs: ReadonlyMap<string, number>;
}

/** Returns the occurrence that explains the others by a rule, otherwise the first. */
export function rootOf({ members }: Group): Occurrence {
  const explained = new Set<string>();
  const explaining = new Set<string>();
  for (const { occurrence, fold } of members) {
    if (fold?.because !== 'rule') continue;
    explained.add(faultKey(occurrence));
    explaining.add(faultKey(fold.with));
  }
  const roots = members.filter(({ occurrence }) => {
    const key = faultKey(occurrence);
    return explaining.has(key) && !explained.has(key);
  });
  return (roots[0] ?? members[0]!).occurrence;
}
