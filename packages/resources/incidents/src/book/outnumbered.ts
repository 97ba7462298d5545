import type { IncidentRecord } from '../incident/incident-record.ts';
import { endOf, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import type { IncidentEntries, IncidentEntry } from './incident-entry.ts';

export interface Kept {
  /** An occurrence as it is known by now. */
  readonly known: (key: string) => Occurrence | undefined;
  /** Occurrences that are not in the incidents yet. */
  readonly added: number;
  readonly records: readonly IncidentRecord[];
  readonly max: number;
}

/**
 * Keys of the occurrences that are forgotten where there are more than `max`: the oldest incidents that are over, each as a whole, so
 * that no other goes by another id for that. Where this is not enough, also what is over of those that last, but for what gives an
 * incident its id and what people have said something of.
 */
export function outnumbered(entries: IncidentEntries, { known, added, records, max }: Kept): ReadonlySet<string> {
  const count = entries.all.reduce((sum, { group }) => sum + group.members.length, added);
  if (count <= max) return new Set();
  // A tenth more, so that it is not done with each that comes.
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
  const spoken = new Set(records.map(({ key }) => key));
  for (const { group } of entries.all) {
    for (const key of keysOf(group).slice(1)) {
      if (keys.size >= wanted) return keys;
      if (isOver(key) && !spoken.has(key)) keys.add(key);
    }
  }
  return keys;
}

function keysOf({ members }: IncidentEntry['group']): readonly string[] {
  return members.map(({ occurrence }) => occurrenceKey(occurrence));
}
