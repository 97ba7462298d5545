import { LOCAL } from '@medkit/core';
import type { Group } from '../grouping/group.ts';
import type { Occurrence } from '../occurrence/occurrence.ts';

type Ids = readonly [string, ...string[]];

/** Cache: occurrences are immutable, so their ids are built once. */
const idsOf = new WeakMap<Occurrence, Ids>();

/**
 * Returns the id of an incident that begins with this occurrence, and its possible earlier ids. `inc_41` contains the
 * number of the event that confirmed it, `inc_41@arm` a number in the log of the gateway `arm`. Before a log reports
 * it, the id contains the fault: `inc_MOTOR_HOT.2@arm`. The last id, with the start time, stays unique if a gateway
 * lost its log and numbers from 1 again.
 */
export function occurrenceIds(occurrence: Occurrence): Ids {
  const known = idsOf.get(occurrence);
  if (known) return known;
  const { sequence, code, number, origin, startedMs } = occurrence;
  const at = origin === LOCAL ? '' : `@${origin.replaceAll('/', '.')}`;
  const fault = `inc_${code.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.${number}`;
  const others: Ids = [`${fault}${at}`, `${fault}.${Math.round(startedMs)}${at}`];
  const ids: Ids = sequence === undefined ? others : [`inc_${sequence}${at}`, ...others];
  idsOf.set(occurrence, ids);
  return ids;
}

/** Returns all ids under which a group may be found. */
export function incidentIdsOf({ members }: Group): readonly string[] {
  return members.flatMap(({ occurrence }) => occurrenceIds(occurrence));
}

/** Returns the ids of incidents that were merged into this one, or that would be separate incidents. */
export function mergedIdsOf({ members }: Group, id: string): readonly string[] {
  return [...new Set(members.map(({ occurrence }) => occurrenceIds(occurrence)[0]))].filter((other) => other !== id);
}
