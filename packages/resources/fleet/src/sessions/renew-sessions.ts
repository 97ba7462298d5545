import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { HUB_REASONS, offlineStatements, presenceRow } from '../robots/presence.ts';

/** A session that is open, and its lease. */
export interface OpenSession {
  readonly robot: string;
  readonly epoch: number;
}

const REASON = HUB_REASONS.reopened;

/**
 * Makes the record agree with the open sessions after its database was away: it may be an older copy, which has earlier
 * leases and another presence. Later leases than those of the sessions stay: another process has granted them.
 */
export async function renewSessions(context: FleetContext, sessions: readonly OpenSession[]): Promise<void> {
  const epochs = new Map(sessions.map(({ robot, epoch }) => [robot, epoch] as const));
  const rows = await context.store.read(
    `SELECT r.id, r.name, r.online, c.epoch FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id
     WHERE r.online = 1 OR r.name IN (SELECT value FROM json_each(?))`,
    [JSON.stringify([...epochs.keys()])],
  );
  const atMs = nowMs(context);
  const statements = rows.flatMap((row): readonly Statement[] => {
    const id = Number(row.id);
    const epoch = epochs.get(textOf(row.name!));
    if (epoch === undefined) return offlineStatements(id, { atMs, reason: REASON });
    if (Number(row.epoch) > epoch) return [];
    return [
      { sql: 'UPDATE fleet_cursors SET epoch = ? WHERE robot = ? AND epoch < ?', parameters: [epoch, id, epoch] },
      ...(row.online === 1
        ? []
        : [
            presenceRow(id, { atMs, online: true, reason: REASON }),
            { sql: 'UPDATE fleet_robots SET online = 1, since_ms = ? WHERE id = ?', parameters: [atMs, id] },
          ]),
    ];
  });
  if (statements.length > 0) await context.store.write(statements);
}
