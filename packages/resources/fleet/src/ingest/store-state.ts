import type { FaultListItem, UplinkState } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { stateStatement } from '../known/known-state.ts';
import { robotNamed } from '../robots/robot-rows.ts';
import type { RobotClocks } from './correct-time.ts';

/** Boots of one robot whose clock is stored: older ones have no unread records. */
const MAX_BOOTS = 32;

export interface StateRequest {
  readonly robot: string;
  readonly epoch: number;
  readonly state: UplinkState;
}

const LEASE = 'FROM fleet_cursors c WHERE c.robot = ? AND c.epoch = ?';

/**
 * Stores the present state of a robot, which was read by the session of this epoch: the active faults, and the clock of
 * this boot. A log with another id begins at its first record, and may repeat stored ones. Returns `fenced` if a newer session has the lease.
 */
export async function storeRobotState(
  context: FleetContext,
  { robot, epoch, state }: StateRequest,
): Promise<{ readonly id: number; readonly outcome: 'stored' | 'fenced' }> {
  const { id } = await robotNamed(context, robot);
  const gotMs = nowMs(context);
  const lease = [id, epoch] as const;
  const { results } = await context.store.write([
    {
      sql: `UPDATE fleet_cursors SET newest = ?, state_ms = ?, state_epoch = ?, more_faults = ?, log = ?,
              seq = CASE WHEN log IS NOT DISTINCT FROM ? THEN seq ELSE 0 END, hash = CASE WHEN log IS NOT DISTINCT FROM ? THEN hash ELSE zeroblob(16) END,
              at_ms = CASE WHEN log IS NOT DISTINCT FROM ? THEN at_ms END,
              repeats = CASE WHEN log IS NOT DISTINCT FROM ? THEN repeats ELSE
                (SELECT max(e.seq) FROM fleet_events e WHERE e.robot = fleet_cursors.robot) END
            WHERE robot = ? AND epoch = ?`,
      parameters: [state.newest, gotMs, epoch, state.more_faults, ...Array(5).fill(state.log), ...lease],
    },
    { sql: `DELETE FROM fleet_faults WHERE robot = ? AND EXISTS (SELECT 1 ${LEASE})`, parameters: [id, ...lease] },
    ...state.faults.map((fault): Statement => {
      return {
        sql: `INSERT INTO fleet_faults (robot, origin, code, severity, body) SELECT c.robot, ?, ?, ?, ? ${LEASE}
              ON CONFLICT DO NOTHING`,
        parameters: [originOf(fault), fault.fault_code, fault.severity, JSON.stringify(fault), ...lease],
      };
    }),
    stateStatement(state, gotMs, lease),
    {
      sql: `INSERT INTO fleet_clocks (robot, boot, base_ms, offset_ms) SELECT c.robot, ?, ?, ? ${LEASE}
            ON CONFLICT (robot, boot) DO UPDATE SET base_ms = excluded.base_ms, offset_ms = excluded.offset_ms`,
      parameters: [
        state.boot,
        bounded(gotMs - state.mono_ms, 0, gotMs),
        bounded(gotMs - state.at_ms, -gotMs, gotMs),
        ...lease,
      ],
    },
    {
      // A new history states again what evidence there is.
      sql: `DELETE FROM fleet_evidence WHERE robot = ? AND log <> ? AND EXISTS (SELECT 1 ${LEASE})`,
      parameters: [id, state.log, ...lease],
    },
    {
      sql: `DELETE FROM fleet_clocks WHERE robot = ? AND boot NOT IN
              (SELECT boot FROM fleet_clocks WHERE robot = ? ORDER BY boot DESC LIMIT ${MAX_BOOTS})`,
      parameters: [id, id],
    },
  ]);
  if (results[0]!.changes === 0) return { id, outcome: 'fenced' };
  context.notify({ robot, topic: 'faults' });
  context.notify({ robot, topic: 'tree' });
  return { id, outcome: 'stored' };
}

/** Bounds a time that a robot states: a boot began after 1970, and a clock that is further away was never set. */
const bounded = (ms: number, minMs: number, maxMs: number): number => Math.round(Math.min(Math.max(ms, minMs), maxMs));

/** Returns the gateway behind the robot that has a fault; empty for the robot. */
function originOf(fault: FaultListItem): string {
  const origin = (fault as { readonly 'x-medkit-origin'?: unknown })['x-medkit-origin'];
  return typeof origin === 'string' ? origin : '';
}

/** Reads what is stored of the clocks of a robot. */
export async function readClocks({ store }: FleetContext, robot: number): Promise<RobotClocks> {
  const rows = await store.read('SELECT boot, base_ms, offset_ms FROM fleet_clocks WHERE robot = ?', [robot]);
  return {
    boots: new Map(
      rows.map((row) => [Number(row.boot), { baseMs: Number(row.base_ms), offsetMs: Number(row.offset_ms) }] as const),
    ),
  };
}
