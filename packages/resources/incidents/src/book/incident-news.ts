import type { IncidentChanged } from '@medkit/core';
import type { IncidentEntries, IncidentEntry } from './incident-entry.ts';

/** What healed longer ago than this is history when it is first heard of, and no news. */
const RECENT_MS = 60_000;

/**
 * What became of incidents between two moments: of each at most one thing, the gravest.
 * @param nowMs wall clock
 */
export function newsBetween(before: IncidentEntries, now: IncidentEntries, nowMs: number): readonly IncidentChanged[] {
  const merged = Map.groupBy(
    before.all.filter(({ ids: [id = ''] }) => now.byId.get(id)?.incident.id !== id),
    ({ ids: [id = ''] }) => now.byId.get(id),
  );
  const news = now.all.flatMap((entry): readonly IncidentChanged[] => {
    const known = before.byId.get(entry.incident.id);
    if (known === entry) return [];
    const word = known?.incident.id === entry.incident.id ? changeOf(known, entry) : firstNews(entry, nowMs);
    return word ? [{ news: word, incident: entry.incident }] : [];
  });
  const merges = [...merged].flatMap(([entry, gone]): readonly IncidentChanged[] =>
    entry ? [{ news: 'merged', incident: entry.incident, mergedIds: gone.map(({ incident }) => incident.id) }] : [],
  );
  return [...news, ...merges];
}

function firstNews({ incident }: IncidentEntry, nowMs: number): IncidentChanged['news'] | undefined {
  if (incident.state === 'open') return 'opened';
  return nowMs - Date.parse(incident.healed_at ?? incident.began) < RECENT_MS ? 'healed' : 'changed';
}

function changeOf({ incident: was }: IncidentEntry, { incident }: IncidentEntry): IncidentChanged['news'] | undefined {
  if (was.state !== incident.state) {
    if (incident.state === 'closed') return 'closed';
    return incident.state === 'healed' ? (was.state === 'open' ? 'healed' : 'changed') : 'reopened';
  }
  if (incident.severity > was.severity || (incident.blocks_motion && !was.blocks_motion)) return 'worse';
  if (incident.acknowledged_at !== was.acknowledged_at && incident.acknowledged_at !== undefined) return 'acknowledged';
  return 'changed';
}
