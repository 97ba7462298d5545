import type { IncidentState } from '@medkit/contract';
import { endOf, type Occurrence } from '../occurrence/occurrence.ts';
import type { IncidentEntry } from './incident-entry.ts';

/** Which incidents are wanted; a member that is absent does not choose. */
export interface IncidentQuery {
  readonly states?: readonly IncidentState[];
  /** Not over before this time, milliseconds. */
  readonly sinceMs?: number;
  /** Begun by this time. */
  readonly untilMs?: number;
  /** At least this grave, 0 to 3. */
  readonly severity?: number;
  /** With a fault of which this is true. */
  readonly isAbout?: (occurrence: Occurrence) => boolean;
  readonly limit: number;
  /** Behind this one. */
  readonly cursor?: string;
}

export interface IncidentPage {
  /** The newest first. */
  readonly items: readonly IncidentEntry[];
  /** The `cursor` of those behind, where there are any. */
  readonly next?: string;
}

/** @param all by when they began, the earliest first */
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

/** Whether a text can be a cursor. */
export function isIncidentCursor(cursor: string): boolean {
  return Number.isFinite(placeOf(cursor)[0]);
}
