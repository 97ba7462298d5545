import type { Row, Statement } from '@medkit/store';
import { type DeliveryState, NOTHING_REPORTED } from './delivery-state.ts';

/** The stored state of an incident itself. */
export interface KnownIncident {
  readonly id: string;
  readonly isOpen: boolean;
  /** Milliseconds since the epoch. */
  readonly openSinceMs: number;
  readonly updatedMs: number;
}

/** How long an ended incident is remembered: within this time, an incident that returns is the same one. */
const RETENTION_MS = 30 * 86_400_000;

export function knownOf(row: Row): KnownIncident {
  return {
    id: String(row.id),
    isOpen: Number(row.is_open) === 1,
    openSinceMs: Number(row.open_since_ms),
    updatedMs: Number(row.updated_ms),
  };
}

export function deliveryStateOf(row: Row): DeliveryState {
  return {
    ...NOTHING_REPORTED,
    state: String(row.told) as DeliveryState['state'],
    severity: Number(row.severity),
    blocksMotion: Number(row.blocks_motion) === 1,
    acknowledged: Number(row.acknowledged) === 1,
    rings: Number(row.rings),
    repeats: Number(row.repeats),
    lastMs: Number(row.last_ms),
    ...(row.line !== null && { line: String(row.line) }),
  };
}

export function knownStatement({ id, isOpen, openSinceMs, updatedMs }: KnownIncident): Statement {
  return {
    sql: `INSERT INTO notify_incidents (id, is_open, open_since_ms, updated_ms) VALUES (?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET is_open = excluded.is_open, open_since_ms = excluded.open_since_ms,
            updated_ms = excluded.updated_ms`,
    parameters: [id, isOpen ? 1 : 0, Math.round(openSinceMs), Math.round(updatedMs)],
  };
}

export function deliveryStateStatement(incident: string, receiver: string, delivery: DeliveryState): Statement {
  const { state, severity, blocksMotion, acknowledged, rings, repeats, lastMs, line } = delivery;
  return {
    sql: `INSERT INTO notify_standings (incident, receiver, told, severity, blocks_motion, acknowledged, rings, repeats, last_ms, line)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (incident, receiver) DO UPDATE SET told = excluded.told, severity = excluded.severity,
            blocks_motion = excluded.blocks_motion, acknowledged = excluded.acknowledged, rings = excluded.rings,
            repeats = excluded.repeats, last_ms = excluded.last_ms, line = excluded.line`,
    parameters: [
      incident,
      receiver,
      state,
      severity,
      blocksMotion ? 1 : 0,
      acknowledged ? 1 : 0,
      rings,
      repeats,
      Math.round(lastMs),
      line ?? null,
    ],
  };
}

/** Returns statements that delete old ended incidents and expired links. */
export function forgetStatements(nowMs: number): readonly Statement[] {
  const beforeMs = Math.round(nowMs - RETENTION_MS);
  const isOld = 'SELECT id FROM notify_incidents WHERE is_open = 0 AND updated_ms < ?';
  return [
    { sql: `DELETE FROM notify_standings WHERE incident IN (${isOld})`, parameters: [beforeMs] },
    { sql: 'DELETE FROM notify_incidents WHERE is_open = 0 AND updated_ms < ?', parameters: [beforeMs] },
    { sql: 'DELETE FROM notify_links WHERE expires_ms < ?', parameters: [Math.round(nowMs)] },
  ];
}
