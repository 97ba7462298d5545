import type { Incident } from '@medkit/contract';
import { timeMs } from '../time/times.ts';

/** Incidents with the same root fault at the same entity, newest first. */
export interface CauseGroup {
  readonly key: string;
  readonly incidents: readonly Incident[];
}

/** Groups a list of incidents by cause; the groups are in the order of their newest incident. */
export function groupByCause(incidents: readonly Incident[]): readonly CauseGroup[] {
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const { root, root_origin, entity_type, entity_id } = incident;
    const key = [root_origin ?? '', entity_type ?? '', entity_id ?? '', root].join(' ');
    const group = groups.get(key);
    if (group) group.push(incident);
    else groups.set(key, [incident]);
  }
  return [...groups].map(([key, group]) => ({ key, incidents: group }));
}

/** Parts of the time span of a sparkline. */
const SLOTS = 24;

/**
 * Counts the incidents that began in each of 24 equal parts of a time span, milliseconds. Those before and after it are
 * not counted.
 */
export function beginningsIn(incidents: readonly Incident[], fromMs: number, toMs: number): readonly number[] {
  const counts = new Array<number>(SLOTS).fill(0);
  for (const { began } of incidents) {
    const ms = timeMs(began);
    if (ms === undefined || ms < fromMs || ms > toMs || toMs <= fromMs) continue;
    const slot = Math.min(SLOTS - 1, Math.floor(((ms - fromMs) / (toMs - fromMs)) * SLOTS));
    counts[slot]! += 1;
  }
  return counts;
}
