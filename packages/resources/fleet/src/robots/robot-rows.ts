import type { FleetRobotState } from '@medkit/contract';
import { type FleetContext, optionalText, textOf } from '../fleet-context.ts';
import { FleetNotFound } from '../fleet-refused.ts';
import { isVisible } from '../fleet-view.ts';

/** A key with the robot that it belongs to. */
export interface RobotKey {
  readonly fingerprint: string;
  /** Number of the robot. */
  readonly id: number;
  readonly name: string;
  readonly state: FleetRobotState;
  /** A revoked key stays, so that its robot learns about it. */
  readonly revoked: boolean;
  /** Number of the invitation that added it. */
  readonly invite: number;
  readonly addedMs: number;
  readonly serial: string | undefined;
  /** A person requested a newer key than this one. */
  readonly isRotationRequested: boolean;
  readonly ratchet: { readonly current?: string; readonly next?: string };
  /** A person ended the quarantine: the next machine with this key is accepted. */
  readonly settled: boolean;
  readonly address: string | undefined;
}

/** Returns the key with this fingerprint and its robot. */
export async function keyOf({ store }: FleetContext, fingerprint: string): Promise<RobotKey | undefined> {
  const [row] = await store.read(
    `SELECT k.invite, k.serial, k.added_ms, k.revoked_ms, r.rotate_ms, r.id, r.name, r.state, r.ratchet_current, r.ratchet_next, r.settled, r.address,
       EXISTS (SELECT 1 FROM fleet_keys e
               WHERE e.robot = k.robot AND e.revoked_ms IS NULL AND e.added_ms < k.added_ms) AS earlier
     FROM fleet_keys k JOIN fleet_robots r ON r.id = k.robot WHERE k.fingerprint = ?`,
    [fingerprint],
  );
  if (!row) return undefined;
  const [current, next] = [optionalText(row.ratchet_current), optionalText(row.ratchet_next)];
  return {
    fingerprint,
    id: Number(row.id),
    name: textOf(row.name!),
    state: textOf(row.state!) as FleetRobotState,
    revoked: row.revoked_ms !== null,
    invite: Number(row.invite),
    addedMs: Number(row.added_ms),
    serial: optionalText(row.serial),
    isRotationRequested: row.rotate_ms !== null && row.earlier === 0,
    ratchet: { ...(current !== undefined && { current }), ...(next !== undefined && { next }) },
    settled: row.settled === 1,
    address: optionalText(row.address),
  };
}

/** Returns the number and the state of a robot. Throws `FleetNotFound`, also if the robot is not in the view. */
export async function robotNamed(
  context: Pick<FleetContext, 'store' | 'view'>,
  name: string,
): Promise<{ readonly id: number; readonly name: string; readonly state: FleetRobotState }> {
  const sql = 'SELECT id, state FROM fleet_robots WHERE name = ?';
  const [row] = isVisible(context, name) ? await context.store.read(sql, [name]) : [];
  if (!row) throw new FleetNotFound(`The hub has no robot ${name}`);
  return { id: Number(row.id), name, state: textOf(row.state!) as FleetRobotState };
}

/**
 * Returns SQL that is 1 if the log of a robot is read up to the state that the robot sent in its newest session, and else 0.
 * @param cursor alias of `fleet_cursors`
 */
export const logIsRead = (cursor: string): string =>
  `CASE WHEN ${cursor}.state_epoch = ${cursor}.epoch AND ${cursor}.seq >= ${cursor}.newest THEN 1 ELSE 0 END`;
