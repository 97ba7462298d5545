import type { FaultXMedkit } from '@medkit/contract';

/** What explains a fault, as lists say it. */
export type Cause = NonNullable<FaultXMedkit['symptom_of']>;

/** Symptoms whose cause is kept; the one that was listed the longest ago gives way. */
export const MAX_KNOWN_CAUSES = 1000;

/** What explained faults when it was listed last. */
export interface KnownCauses {
  /** The cause of an occurrence of a fault: the one that is found now, or else the last that was found. */
  of(fault: string, occurrence: string, found: Cause | undefined): Cause | undefined;
}

/**
 * Keeps causes for as long as their symptoms last. Lists have open faults alone, and of a root cause that came again its present
 * occurrence: where it healed first, or came again, nothing in them explains the symptom that it left behind. One that healed is
 * known by its occurrence, which does not come again.
 */
export function knownCauses(): KnownCauses {
  const known = new Map<string, { readonly occurrence: string; readonly cause: Cause }>();
  return {
    of: (fault, occurrence, found) => {
      const before = known.get(fault);
      const cause = found ?? (before?.occurrence === occurrence ? before.cause : undefined);
      known.delete(fault);
      if (!cause) return undefined;
      known.set(fault, { occurrence, cause });
      if (known.size > MAX_KNOWN_CAUSES) known.delete(known.keys().next().value!);
      return cause;
    },
  };
}
