import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { FleetConflict } from '../fleet-refused.ts';
import { type RobotKey, robotNamed } from '../robots/robot-rows.ts';

const DAY_MS = 86_400_000;
/** Age at which a key is replaced: a copy of it that was not noticed is of no use any more. */
const MAX_KEY_AGE_MS = 365 * DAY_MS;
/**
 * Robots per hour whose session ends because of the age of their key: a fleet that was enrolled on one day does not
 * lose its connections together.
 */
const MAX_ROTATIONS_PER_HOUR = 20;

/** Returns whether the robot is to create a second key. Stays true until that key was used. */
export const isRotationDue = (
  { isRotationRequested, addedMs }: Pick<RobotKey, 'addedMs' | 'isRotationRequested'>,
  atMs: number,
): boolean => isRotationRequested || atMs - addedMs >= MAX_KEY_AGE_MS;

/**
 * Returns the statements of a confirmed handshake: the use of a key removes the earlier one, and a stated key becomes
 * the second one. So a robot has at most two keys, and each is valid until the newer one was used.
 */
export function rotationStatements(key: RobotKey, newKey: string | undefined, atMs: number): readonly Statement[] {
  const { id, fingerprint, addedMs, invite, serial, hasEarlierKey } = key;
  const used: readonly Statement[] = hasEarlierKey
    ? [
        { sql: 'UPDATE fleet_robots SET rotate_ms = NULL WHERE id = ?', parameters: [id] },
        {
          sql: 'DELETE FROM fleet_keys WHERE robot = ? AND revoked_ms IS NULL AND added_ms < ?',
          parameters: [id, addedMs],
        },
      ]
    : [];
  if (newKey === undefined || newKey === fingerprint) return used;
  return [
    ...used,
    {
      sql: 'DELETE FROM fleet_keys WHERE robot = ? AND revoked_ms IS NULL AND added_ms > ? AND fingerprint <> ?',
      parameters: [id, addedMs, newKey],
    },
    {
      // A fingerprint that another robot has stays with that robot.
      sql: `INSERT INTO fleet_keys (fingerprint, robot, invite, serial, added_ms) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING`,
      parameters: [newKey, id, invite, serial ?? null, Math.max(atMs, addedMs + 1)],
    },
  ];
}

/**
 * Requests a new key of a robot. A connected robot returns immediately to create it, another one when it connects.
 * Throws `FleetNotFound`, `FleetConflict`.
 */
export async function requestRotation(context: FleetContext, name: string): Promise<void> {
  const { id, state } = await robotNamed(context, name);
  if (state !== 'approved') {
    throw new FleetConflict(`The robot ${name} is ${state}: only an approved robot can be given a new key`);
  }
  await request(context, { id, name });
}

/** Requests a new key of connected robots with an old one, a few at a time; others rotate when they connect. */
export async function rotateOldKeys(context: FleetContext): Promise<void> {
  const rows = await context.store.read(
    `SELECT r.id, r.name FROM fleet_robots r JOIN fleet_keys k ON k.robot = r.id
     WHERE r.online = 1 AND r.state = 'approved' AND r.rotate_ms IS NULL AND k.revoked_ms IS NULL
     GROUP BY r.id HAVING max(k.added_ms) <= ? ORDER BY max(k.added_ms) LIMIT ?`,
    [nowMs(context) - MAX_KEY_AGE_MS, MAX_ROTATIONS_PER_HOUR],
  );
  for (const { id, name } of rows) await request(context, { id: Number(id), name: String(name) });
}

async function request(context: FleetContext, { id, name }: { readonly id: number; readonly name: string }) {
  const sql = 'UPDATE fleet_robots SET rotate_ms = ? WHERE id = ?';
  await context.store.write([{ sql, parameters: [nowMs(context), id] }]);
  const ended = { retry_ms: 0, why: 'the robot connects again, to create a new key' };
  context.notify({ robot: name, topic: 'robot', ended });
}
