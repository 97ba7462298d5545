import type { IncidentChanged, IncidentEventType } from '@medkit/core';
import type { IncidentEntries, IncidentEntry } from './incident-entry.ts';

/** An incident that healed longer ago than this when it is first seen is history and not reported as healed. */
const RECENT_MS = 60_000;

/**
 * Returns the changes between two snapshots, at most one for each incident, the most severe. An incident into which
 * others were merged names them, whatever else changed. It is new only if none of them was reported before.
 * @param nowMs wall clock
 */
export function changesBetween(
  before: IncidentEntries,
  now: IncidentEntries,
  nowMs: number,
): readonly IncidentChanged[] {
  const goneTo = Map.groupBy(
    before.all.filter(({ incident: { id } }) => !now.byCurrentId.has(id)),
    ({ incident: { id } }) => now.byId.get(id),
  );
  return now.all.flatMap((entry): readonly IncidentChanged[] => {
    const { incident } = entry;
    const sameId = before.byCurrentId.get(incident.id);
    if (sameId === entry) return [];
    const gone = goneTo.get(entry) ?? [];
    const known = sameId ?? gone[0];
    const change = known ? changeOf(known, entry) : firstNews(entry, nowMs);
    if (gone.length === 0) return [{ news: change, incident }];
    const mergedIds = gone.map(({ incident: { id } }) => id);
    return [{ news: change === 'changed' ? 'merged' : change, incident, mergedIds }];
  });
}

function firstNews({ incident }: IncidentEntry, nowMs: number): IncidentEventType {
  if (incident.state === 'open') return 'opened';
  return nowMs - Date.parse(incident.healed_at ?? incident.began) < RECENT_MS ? 'healed' : 'changed';
}

function changeOf({ incident: was }: IncidentEntry, { incident }: IncidentEntry): IncidentEventType {
  if (was.state !== incident.state) {
    if (incident.state === 'closed') return 'closed';
    return incident.state === 'healed' ? (was.state === 'open' ? 'healed' : 'changed') : 'reopened';
  }
  if (incident.severity > was.severity || (incident.blocks_motion && !was.blocks_motion)) return 'worse';
  if (incident.acknowledged_at !== was.acknowledged_at && incident.acknowledged_at !== undefined) return 'acknowledged';
  return 'changed';
}
