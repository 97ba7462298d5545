import type { FoldReason } from '@medkit/contract';
import { faultKey, type Occurrence } from '../occurrence/occurrence.ts';

/** Why two occurrences are one event. */
export interface Fold {
  readonly because: Exclude<FoldReason, 'first'>;
  /** The other one. */
  readonly with: Occurrence;
  readonly ruleId?: string;
  /** Of a rule: that it is the other one which is explained. */
  readonly explains?: boolean;
}

/** An occurrence of an incident; the first has no reason to be in it. */
export interface Member {
  readonly occurrence: Occurrence;
  readonly fold?: Fold;
}

/** The occurrences of one event of the world, from the earliest to the latest: one at least. */
export interface Group {
  readonly members: readonly Member[];
}

/** What people have said of groups, by key of the occurrence. */
export interface Corrections {
  /** Those of one label are one event, those of different ones never. */
  readonly labels: ReadonlyMap<string, string>;
  /** When the event of an occurrence was put away, milliseconds: what comes later is another event. */
  readonly closedMs: ReadonlyMap<string, number>;
  /** When it was opened again. */
  readonly reopenedMs: ReadonlyMap<string, number>;
}

/** The occurrence that explains the others by a rule, or else the one that came first. */
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
