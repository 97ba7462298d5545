import type { FleetRobotState } from '@medkit/contract';
import type { Row } from '@medkit/store';
import type { Hello, Refusal } from '@medkit/tunnel';
import { leaveStatements } from '../absences/expected-absence.ts';
import { HAS_UNJUDGED_EVIDENCE } from '../evidence/judge-evidence.ts';
import { type FleetContext, type FleetStore, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { refusalOf } from '../handshake/hub-record.ts';
import { noteVersion } from '../ingest/occurrence-statements.ts';
import { failedStep, joinSteps, type PlannedStep } from '../join-steps.ts';
import { endAbsence, HUB_REASONS, offlineStatements, presenceRow } from '../robots/presence.ts';
import { clearProblems } from '../robots/problems.ts';
import { noRobot, robotNamed } from '../robots/robot-rows.ts';
import { valueList } from '../robots/value-list.ts';
import { noteVersionChange } from '../robots/version-changes.ts';

/** An open uplink. */
export interface FleetSession {
  readonly hello: Hello;
  readonly address: string;
  /** Fingerprint of the key, which may be revoked since the handshake; only the state of the robot counts without it. */
  readonly fingerprint?: string;
}

interface OpeningSession extends FleetSession {
  readonly robot: string;
}

type Lease = { readonly epoch: number } | Refusal;

/**
 * Returns a function that notes an open uplink, and takes the lease of the robot: sessions with an earlier epoch write
 * nothing from now on. It returns a refusal if the robot was revoked or quarantined since its handshake.
 */
export function openSessions(context: FleetContext): (robot: string, session: FleetSession) => Promise<Lease> {
  const open = joinSteps({
    context,
    robotOf: ({ robot }: OpeningSession) => robot,
    plan: (sessions: readonly OpeningSession[]) => planSessions(context, sessions),
  });
  return (robot, session) => open({ ...session, robot });
}

/** Problems that a new session of the robot ends. */
const ENDED_PROBLEMS = ['uplink_hole', 'uplink_chain', 'uplink_throttled', 'uplink_outdated'] as const;

async function planSessions(
  context: FleetContext,
  sessions: readonly OpeningSession[],
): Promise<readonly PlannedStep<Lease>[]> {
  const list = valueList(sessions.map(({ robot }) => robot));
  const rows = await context.store.read(
    `SELECT r.id, r.name, r.state, r.medkit, r.software, c.epoch,
       EXISTS (SELECT 1 FROM fleet_absences a WHERE a.robot = r.id AND a.ended_ms IS NULL) AS absent,
       EXISTS (SELECT 1 FROM fleet_problems p WHERE p.robot = r.id) AS troubled,
       (SELECT coalesce(json_group_array(k.fingerprint), '[]') FROM fleet_keys k
        WHERE k.robot = r.id AND k.revoked_ms IS NULL) AS active_keys,
       EXISTS (SELECT 1 FROM fleet_versions v WHERE v.version = r.software) AS noted, ${HAS_UNJUDGED_EVIDENCE} AS unjudged
     FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id WHERE r.name IN ${list.sql}`,
    list.parameters,
  );
  const found = new Map(rows.map((row) => [textOf(row.name!), row] as const));
  return sessions.map((session) => planSession(context, session, found.get(session.robot)));
}

/** @param row what the record has of the robot; statements that would change none of it are left out */
function planSession(
  context: FleetContext,
  { robot, hello, address, fingerprint }: OpeningSession,
  row: Row | undefined,
): PlannedStep<Lease> {
  if (!row) return failedStep(noRobot(robot));
  const activeKeys: readonly string[] = JSON.parse(textOf(row.active_keys!));
  const revoked = fingerprint !== undefined && !activeKeys.includes(fingerprint);
  const refusal = refusalOf({ name: robot, state: textOf(row.state!) as FleetRobotState, revoked });
  if (refusal) return { statements: [], finish: () => refusal };
  const [id, before] = [Number(row.id), Number(row.epoch)];
  const atMs = nowMs(context);
  const { medkit, software } = hello.versions;
  const version = software ?? medkit;
  const isSameVersion = (optionalText(row.software) ?? optionalText(row.medkit)) === version;
  const isVersionNoted = software == null || (row.software === software && row.noted === 1);
  return {
    statements: [
      {
        // A robot has one step in a group, and other changes of the lease are exclusive tasks.
        sql: 'UPDATE fleet_cursors SET epoch = ? WHERE robot = ? AND epoch = ?',
        parameters: [before + 1, id, before],
        expect: 1,
      },
      presenceRow(id, { atMs, online: true, reason: `connected from ${address}` }),
      ...(isSameVersion ? [] : [noteVersionChange(id, version, atMs)]),
      {
        sql: `UPDATE fleet_robots SET since_ms = CASE WHEN online = 1 THEN since_ms ELSE ? END, online = 1, seen_ms = ?,
                address = ?, medkit = ?, software = ? WHERE id = ?`,
        parameters: [atMs, atMs, address, medkit, software ?? null, id],
      },
      ...(row.absent === 1 ? [endAbsence(id, atMs)] : []),
      ...(isVersionNoted ? [] : [noteVersion(software, atMs)]),
      ...(row.troubled === 1 ? [clearProblems(id, ENDED_PROBLEMS)] : []),
    ],
    finish: () => {
      context.notify({ robot, topic: 'presence' });
      // A hub that ended, or another process, may not have judged it.
      if (row.unjudged === 1) context.notify({ robot, topic: 'evidence' });
      return { epoch: before + 1 };
    },
  };
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
