import type { Hello, Refusal } from '@medkit/tunnel';
import { leaveStatements } from '../absences/expected-absence.ts';
import { type FleetContext, type FleetStore, nowMs } from '../fleet-context.ts';
import { refusalOf } from '../handshake/hub-record.ts';
import { noteVersion } from '../ingest/occurrence-statements.ts';
import { endAbsence, HUB_REASONS, offlineStatements, presenceRow } from '../robots/presence.ts';
import { clearProblems } from '../robots/problems.ts';
import { robotNamed } from '../robots/robot-rows.ts';
import { noteVersionChange } from '../robots/version-changes.ts';

/** An open uplink. */
export interface FleetSession {
  readonly hello: Hello;
  readonly address: string;
}

/**
 * Notes an open uplink, and takes the lease of the robot: sessions with an earlier epoch write nothing from now on.
 * Returns a refusal if the robot was revoked or quarantined since its handshake.
 */
export async function openSession(
  context: FleetContext,
  robot: string,
  { hello, address }: FleetSession,
): Promise<{ readonly epoch: number } | Refusal> {
  const { id, name, state } = await robotNamed(context, robot);
  const refusal = refusalOf({ name, state, revoked: false });
  if (refusal) return refusal;
  const atMs = nowMs(context);
  const { medkit, software } = hello.versions;
  const { results } = await context.store.write([
    { sql: 'UPDATE fleet_cursors SET epoch = epoch + 1 WHERE robot = ? RETURNING epoch', parameters: [id] },
    presenceRow(id, { atMs, online: true, reason: `connected from ${address}` }),
    noteVersionChange(id, software ?? medkit, atMs),
    {
      sql: `UPDATE fleet_robots SET since_ms = CASE WHEN online = 1 THEN since_ms ELSE ? END, online = 1, seen_ms = ?,
              address = ?, medkit = ?, software = ? WHERE id = ?`,
      parameters: [atMs, atMs, address, medkit, software ?? null, id],
    },
    endAbsence(id, atMs),
    ...(software == null ? [] : [noteVersion(software, atMs)]),
    clearProblems(id, ['uplink_hole', 'uplink_chain', 'uplink_throttled', 'uplink_outdated']),
  ]);
  context.notify({ robot, topic: 'presence' });
  return { epoch: Number(results[0]!.rows[0]!.epoch) };
}

/** Notes the end of an uplink, unless a newer one is open. */
export async function closeSession(
  context: FleetContext,
  { robot, epoch, reason }: { robot: string; epoch: number; reason: string },
): Promise<void> {
  const { id } = await robotNamed(context, robot);
  const atMs = nowMs(context);
  const { results } = await context.store.write([
    ...offlineStatements(id, { atMs, reason }, epoch),
    ...(await leaveStatements(context, id, atMs)),
  ]);
  if (results[0]!.changes > 0) context.notify({ robot, topic: 'presence' });
}

/** Notes that these robots sent a ping or data. */
export async function noteSeen(context: FleetContext, robots: readonly string[]): Promise<void> {
  if (robots.length === 0) return;
  const sql = `UPDATE fleet_robots SET seen_ms = ?
               WHERE online = 1 AND name IN (SELECT value FROM json_each(?))`;
  await context.store.write([{ sql, parameters: [nowMs(context), JSON.stringify(robots)] }]);
}

/** Notes the end of all sessions of an earlier process, and excludes what is left of them. */
export async function endOldSessions(store: FleetStore, atMs: number): Promise<void> {
  const rows = await store.read('SELECT id, seen_ms FROM fleet_robots WHERE online = 1');
  if (rows.length === 0) return;
  await store.write([
    ...rows.map((row) => presenceRow(Number(row.id), { atMs, online: false, reason: HUB_REASONS.restarted })),
    { sql: 'UPDATE fleet_robots SET online = 0, since_ms = coalesce(seen_ms, ?) WHERE online = 1', parameters: [atMs] },
    { sql: 'UPDATE fleet_cursors SET epoch = epoch + 1' },
  ]);
}
