import type { FaultXMedkit } from '@medkit/contract';

/** The cause of a fault, as lists report it. */
export type Cause = NonNullable<FaultXMedkit['symptom_of']>;

/** Maximum symptoms with a stored cause; the one listed longest ago is dropped. */
export const MAX_KNOWN_CAUSES = 1000;

/** The last known causes of faults. */
export interface KnownCauses {
  /** Returns the cause of an occurrence: the one found now, otherwise the last one found. */
  of(fault: string, occurrence: string, found: Cause | undefined): Cause | undefined;
}

/**
 * Stores causes while their symptoms last. Lists contain only open faults, and only the present occurrence of a
 * recurring cause: if the cause healed or recurred, the list alone no longer explains its symptom.
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
