import type { FleetRobotState } from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, optionalText, textOf } from '../fleet-context.ts';
import { FleetNotFound } from '../fleet-refused.ts';
import { isVisible } from '../fleet-view.ts';
import { valueList } from './value-list.ts';

/** How far the hub has stored the log of a robot. */
export interface StoredCursor {
  readonly log: string;
  readonly seq: number;
  /** Hexadecimal; empty if the record was removed before it was read. */
  readonly hash: string;
}

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
  /** The robot has another key, which is older and not revoked. */
  readonly hasEarlierKey: boolean;
  /** A person requested a newer key than this one. */
  readonly isRotationRequested: boolean;
  readonly ratchet: { readonly current?: string; readonly next?: string };
  /** A person ended the quarantine: the next machine with this key is accepted. */
  readonly settled: boolean;
  readonly address: string | undefined;
  /** Absent until the hub has read the first state of the robot. */
  readonly cursor: StoredCursor | undefined;
}

/** Returns the key with this fingerprint and its robot. */
export async function keyOf(context: Pick<FleetContext, 'store'>, fingerprint: string): Promise<RobotKey | undefined> {
  return (await keysOf(context, [fingerprint])).get(fingerprint);
}

/** Returns the keys with these fingerprints and their robots, at most as many as a group of steps has. */
export async function keysOf(
  { store }: Pick<FleetContext, 'store'>,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, RobotKey>> {
  const list = valueList(fingerprints);
  const rows = await store.read(
    `SELECT k.fingerprint, k.invite, k.serial, k.added_ms, k.revoked_ms, r.rotate_ms, r.id, r.name, r.state,
       r.ratchet_current, r.ratchet_next, r.settled, r.address, c.log, c.seq, c.hash,
       EXISTS (SELECT 1 FROM fleet_keys e
               WHERE e.robot = k.robot AND e.revoked_ms IS NULL AND e.added_ms < k.added_ms) AS earlier
     FROM fleet_keys k JOIN fleet_robots r ON r.id = k.robot LEFT JOIN fleet_cursors c ON c.robot = r.id
     WHERE k.fingerprint IN ${list.sql}`,
    list.parameters,
  );
  return new Map(rows.map((row) => [textOf(row.fingerprint!), keyIn(row)] as const));
}

function keyIn(row: Row): RobotKey {
  const [current, next] = [optionalText(row.ratchet_current), optionalText(row.ratchet_next)];
  const hasEarlierKey = row.earlier === 1;
  return {
    fingerprint: textOf(row.fingerprint!),
    id: Number(row.id),
    name: textOf(row.name!),
    state: textOf(row.state!) as FleetRobotState,
    revoked: row.revoked_ms !== null,
    invite: Number(row.invite),
    addedMs: Number(row.added_ms),
    serial: optionalText(row.serial),
    hasEarlierKey,
    isRotationRequested: row.rotate_ms !== null && !hasEarlierKey,
    ratchet: { ...(current !== undefined && { current }), ...(next !== undefined && { next }) },
    settled: row.settled === 1,
    address: optionalText(row.address),
    cursor: cursorIn(row),
  };
}

/** Returns the cursor in a row with its columns. */
export function cursorIn({ log, seq, hash }: Row): StoredCursor | undefined {
  if (typeof log !== 'string') return undefined;
  return { log, seq: Number(seq), hash: Buffer.from(hash as Uint8Array).toString('hex') };
}

/** Returns the number and the state of a robot. Throws `FleetNotFound`, also if the robot is not in the view. */
export async function robotNamed(
  context: Pick<FleetContext, 'store' | 'view'>,
  name: string,
): Promise<{ readonly id: number; readonly name: string; readonly state: FleetRobotState }> {
  const sql = 'SELECT id, state FROM fleet_robots WHERE name = ?';
  const [row] = isVisible(context, name) ? await context.store.read(sql, [name]) : [];
  if (!row) throw noRobot(name);
  return { id: Number(row.id), name, state: textOf(row.state!) as FleetRobotState };
}

export const noRobot = (name: string): FleetNotFound => new FleetNotFound(`The hub has no robot ${name}`);

/**
 * Returns SQL that is 1 if the log of a robot is read up to the state that the robot sent in its newest session, and else 0.
 * @param cursor alias of `fleet_cursors`
 */
export const logIsRead = (cursor: string): string =>
  `CASE WHEN ${cursor}.state_epoch = ${cursor}.epoch AND ${cursor}.seq >= ${cursor}.newest THEN 1 ELSE 0 END`;
