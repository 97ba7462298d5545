import { LOCAL } from '@medkit/core';
import type { Group } from '../grouping/group.ts';
import type { Occurrence } from '../occurrence/occurrence.ts';

type Ids = readonly [string, ...string[]];

/** An occurrence is plain data that never changes: what it is called is made once. */
const idsOf = new WeakMap<Occurrence, Ids>();

/**
 * What an incident is called that begins with this occurrence, and what it may have been called before: `inc_41` by the number of the event
 * that confirmed it, `inc_41@arm` where that is in the log of the gateway `arm`. One of which no log has told yet goes by its fault:
 * `inc_MOTOR_HOT.2@arm`. Where a gateway has lost its log, and counts anew, the last tells them apart.
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

/** All ids by which a group may be found. */
export function incidentIdsOf({ members }: Group): readonly string[] {
  return members.flatMap(({ occurrence }) => occurrenceIds(occurrence));
}

/** The ids of incidents that became a part of this one, or would have been incidents of their own. */
export function mergedIdsOf({ members }: Group, id: string): readonly string[] {
  return [...new Set(members.map(({ occurrence }) => occurrenceIds(occurrence)[0]))].filter((other) => other !== id);
}
