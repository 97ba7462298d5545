import type { IncidentState } from '@medkit/contract';
import { endOf, type Occurrence } from '../occurrence/occurrence.ts';
import type { IncidentEntry } from './incident-entry.ts';

/** A selection of incidents; absent fields match every incident. */
export interface IncidentQuery {
  readonly states?: readonly IncidentState[];
  /** Incidents that did not end before this time, milliseconds. */
  readonly sinceMs?: number;
  /** Incidents that began by this time. */
  readonly untilMs?: number;
  /** Minimum severity, 0 to 3. */
  readonly severity?: number;
  /** Incidents with an occurrence for which this returns true. */
  readonly isAbout?: (occurrence: Occurrence) => boolean;
  readonly limit: number;
  /** Incidents after this cursor. */
  readonly cursor?: string;
}

export interface IncidentPage {
  /** Newest first. */
  readonly items: readonly IncidentEntry[];
  /** `cursor` of the next page, if there is one. */
  readonly next?: string;
}

/**
 * Returns one page of the matching incidents.
 * @param all sorted by start, earliest first
 */
export function incidentPage(all: readonly IncidentEntry[], query: IncidentQuery): IncidentPage {
  const { limit, cursor } = query;
  const [beforeMs, beforeId] = placeOf(cursor);
  const items: IncidentEntry[] = [];
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const entry = all[at]!;
    if (entry.beganMs > beforeMs || (entry.beganMs === beforeMs && entry.incident.id >= beforeId)) continue;
    if (!isWanted(entry, query)) continue;
    const last = items.at(-1);
    if (items.length === limit && last) return { items, next: `${last.beganMs}~${last.incident.id}` };
    items.push(entry);
  }
  return { items };
}

function isWanted({ incident, group, beganMs }: IncidentEntry, query: IncidentQuery): boolean {
  const { states, sinceMs, untilMs, severity, isAbout } = query;
  if (states && !states.includes(incident.state)) return false;
  if (severity !== undefined && incident.severity < severity) return false;
  if (untilMs !== undefined && beganMs > untilMs) return false;
  const occurrences = group.members.map(({ occurrence }) => occurrence);
  if (sinceMs !== undefined && occurrences.every((each) => (endOf(each) ?? Number.POSITIVE_INFINITY) < sinceMs))
    return false;
  return !isAbout || occurrences.some(isAbout);
}

function placeOf(cursor: string | undefined): readonly [beforeMs: number, beforeId: string] {
  const at = cursor?.indexOf('~') ?? -1;
  const ms = at > 0 ? Number(cursor!.slice(0, at)) : Number.NaN;
  return Number.isFinite(ms) ? [ms, cursor!.slice(at + 1)] : [Number.POSITIVE_INFINITY, ''];
}

/** Returns whether a text is a valid cursor. */
export function isIncidentCursor(cursor: string): boolean {
  return Number.isFinite(placeOf(cursor)[0]);
}
