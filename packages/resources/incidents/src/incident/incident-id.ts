import { LOCAL } from '@medkit/core';
import type { Group } from '../grouping/group.ts';
import type { Occurrence } from '../occurrence/occurrence.ts';

/**
 * What an incident is called that begins with this occurrence: `inc_41` by the number of the event that confirmed it, `inc_41@arm` where
 * that is in the log of the gateway `arm`. One of which no log tells goes by its fault: `inc_MOTOR_HOT.2@arm`.
 */
export function incidentIdOf({ sequence, code, number, origin }: Occurrence): string {
  const own = sequence === undefined ? `${code.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.${number}` : String(sequence);
  return `inc_${own}${origin === LOCAL ? '' : `@${origin.replaceAll('/', '.')}`}`;
}

/** All ids by which a group is found: that of its first occurrence, which it goes by, then those that lead there. */
export function incidentIdsOf({ members }: Group): readonly [string, ...string[]] {
  const ids = members.map(({ occurrence }) => incidentIdOf(occurrence));
  const [first = '', ...others] = new Set(ids);
  return [first, ...others];
}
