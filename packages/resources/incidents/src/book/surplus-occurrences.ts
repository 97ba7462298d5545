import type { IncidentRecord } from '../incident/incident-record.ts';
import { endOf, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import type { IncidentEntries, IncidentEntry } from './incident-entry.ts';

export interface RetentionState {
  /** Returns an occurrence in its known state. */
  readonly known: (key: string) => Occurrence | undefined;
  /** Number of occurrences that are not in the incidents yet. */
  readonly added: number;
  readonly records: readonly IncidentRecord[];
  readonly max: number;
}

/**
 * Returns the keys of the occurrences to remove if there are more than `max`. Removes the oldest ended incidents, each
 * completely, so that no other incident changes its id. If this is not enough, also removes ended occurrences of active
 * incidents, except the first of each, which gives the incident its id, and those with records of users.
 */
export function surplusOccurrences(
  entries: IncidentEntries,
  { known, added, records, max }: RetentionState,
): ReadonlySet<string> {
  const count = entries.all.reduce((sum, { group }) => sum + group.members.length, added);
  if (count <= max) return new Set();
  // Removes a tenth more, so that the next occurrences need no removal.
  const wanted = count - Math.floor(max * 0.9);
  const keys = new Set<string>();
  const isOver = (key: string): boolean => {
    const occurrence = known(key);
    return occurrence === undefined || endOf(occurrence) !== undefined;
  };
  for (const { group } of entries.all) {
    if (keys.size >= wanted) return keys;
    const members = keysOf(group);
    if (members.every(isOver)) for (const key of members) keys.add(key);
  }
  const annotated = new Set(records.map(({ key }) => key));
  for (const { group } of entries.all) {
    for (const key of keysOf(group).slice(1)) {
      if (keys.size >= wanted) return keys;
      if (isOver(key) && !annotated.has(key)) keys.add(key);
    }
  }
  return keys;
}

function keysOf({ members }: IncidentEntry['group']): readonly string[] {
  return members.map(({ occurrence }) => occurrenceKey(occurrence));
}
