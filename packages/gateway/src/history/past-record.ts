import type { EntityRef } from '@medkit/core';
import {
  bodyOf,
  type EntityBody,
  entityOfKey,
  GATEWAY_KEY,
  type GatewayMark,
  type HistoryRow,
  type ParameterBody,
} from './history-row.ts';

/** The part of the change log that decides the state at a moment. */
export interface LogExcerpt {
  /** The last row of each key at the moment, in any order. */
  readonly rows: readonly HistoryRow[];
  /** The last row at or before the moment. */
  readonly last: Pick<HistoryRow, 'id' | 'atMs'>;
  /** The row that follows `last`. */
  readonly next?: HistoryRow | undefined;
}

/** Where the log begins: rows up to this position are the state at its time, without earlier changes. */
export type LogBegin = Pick<HistoryRow, 'id' | 'atMs'>;

/** Whether the gateway records now; otherwise, why and since when changes are not in the log. */
export type Recording =
  | { readonly is: 'on' }
  | { readonly is: 'starting' | 'overload' | 'failure'; readonly sinceMs: number };

/** Why the state at a moment is unknown. */
export type GapReason = 'not_running' | 'ended_unexpectedly' | 'starting' | 'overload' | 'failure';

/** A period in which changes were not recorded. */
export interface Gap {
  readonly fromMs: number;
  /** Absent if it has not ended. */
  readonly toMs?: number;
  readonly reason: GapReason;
}

export interface PastEntity extends EntityRef, EntityBody {
  /** When it reached this state. */
  readonly sinceMs: number;
}

export interface PastParameter extends ParameterBody {
  readonly sinceMs: number;
}

/** The recorded state at a moment. */
export interface PastRecord {
  /** The last moment up to the requested one at which this was the state. */
  readonly asOfMs: number;
  /** The gap that contains the requested moment. */
  readonly gap?: Gap;
  readonly gateway?: GatewayMark;
  readonly entities: readonly PastEntity[];
  /** Values that were known: of entities whose process has not changed since. */
  readonly parameters: readonly PastParameter[];
}

/**
 * Selects from a log the rows that decide the state at a moment. The moment is after the last row whose time is not
 * later, so if the clock was set back and passed the moment twice, the second time counts. Returns `undefined` if the
 * log begins later.
 */
export function excerptAt(rows: readonly HistoryRow[], tMs: number, begin?: LogBegin): LogExcerpt | undefined {
  const beginId = begin?.id ?? 0;
  const at = rows.findLastIndex(({ id, atMs }) => id > beginId && atMs <= tMs);
  const last = rows[at] ?? (begin && begin.atMs <= tMs ? begin : undefined);
  if (!last) return undefined;
  const lastOfKey = new Map(rows.filter(({ id }) => id <= last.id).map((row) => [row.key, row]));
  return { rows: [...lastOfKey.values()], last, next: rows.find(({ id }) => id > last.id) };
}

/** Returns the state at a moment. `recording` describes the end of the log. */
export function pastRecord({ rows, last, next }: LogExcerpt, tMs: number, recording: Recording): PastRecord {
  const bodies = new Map(rows.flatMap((row) => (row.body === undefined ? [] : [[row.key, row] as const])));
  const gateway = bodyOf<GatewayMark>(bodies.get(GATEWAY_KEY));
  const gap = gapAt({ gateway, last, next, tMs, recording });
  const entities = [...bodies.values()].flatMap((row): readonly PastEntity[] => {
    const ref = entityOfKey(row.key);
    const body = ref && bodyOf<EntityBody>(row);
    return body ? [{ ...ref, ...body, sinceMs: row.atMs }] : [];
  });
  const runs = new Map(entities.map(({ kind, id, run, online }) => [`${kind} ${id}`, online === false ? -1 : run]));
  const parameters = [...bodies.values()].flatMap((row): readonly PastParameter[] => {
    if (!row.key.startsWith('parameter ')) return [];
    const body = bodyOf<ParameterBody>(row);
    const isKnown = body && body.session === gateway?.session && body.run === runs.get(body.entity);
    return isKnown ? [{ ...body, sinceMs: row.atMs }] : [];
  });
  return {
    asOfMs: gap ? gap.fromMs : tMs,
    ...(gap && { gap }),
    ...(gateway && { gateway }),
    entities: entities.sort((one, other) => order(one.id, other.id)),
    parameters: parameters.sort((one, other) => order(one.entity, other.entity) || order(one.name, other.name)),
  };
}

interface GapOptions extends Pick<LogExcerpt, 'last' | 'next'> {
  readonly gateway: GatewayMark | undefined;
  readonly tMs: number;
  readonly recording: Recording;
}

function gapAt({ gateway, last, next, tMs, recording }: GapOptions): Gap | undefined {
  // The state of the last row itself is known, unless the clock was set back before it.
  const mark = next?.key === GATEWAY_KEY ? bodyOf<GatewayMark>(next) : undefined;
  const resumed = mark && !mark.ended ? mark : undefined;
  const isOver = gateway?.ended === true;
  const isLive = !isOver && (next ? resumed === undefined : recording.is === 'on');
  if (isLive || (last.atMs === tMs && !isOver)) return undefined;
  const fromMs = last.atMs;
  const toMs = resumed && next ? next.atMs : undefined;
  return { fromMs, ...(toMs !== undefined && { toMs }), reason: reasonOf(isOver, resumed, tMs, recording) };
}

function reasonOf(isOver: boolean, resumed: GatewayMark | undefined, tMs: number, recording: Recording): GapReason {
  if (resumed && resumed.after !== 'start') return resumed.after;
  if (resumed && tMs >= resumed.startedMs) return 'starting';
  if (!resumed && recording.is !== 'on' && tMs >= recording.sinceMs) return recording.is;
  return isOver ? 'not_running' : 'ended_unexpectedly';
}

const order = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
