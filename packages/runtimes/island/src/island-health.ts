import { quotaBlock, type RuntimeHealth, type Warning } from '@medkit/core';
import type { IngestCounts } from '@medkit/ingest';
import type { Layout } from './declared/layout.ts';
import type { IslandListener } from './island-options.ts';

export interface IslandStatus {
  /** `udp:127.0.0.1:7799` */
  readonly address: string;
  readonly isAuthenticated: boolean;
  readonly layout: Layout | undefined;
  readonly session: bigint | undefined;
  readonly silentSinceMs: number | undefined;
  readonly counts: IngestCounts;
  readonly transport: Pick<IslandListener, 'counts' | 'quota'>;
  /** Why the last declaration was refused. */
  readonly problem: string | undefined;
  /** A session that is not newer than the last one. */
  readonly refusedSession: bigint | undefined;
}

/** Returns the health of an island: the block `x-medkit-ingest`, and warnings with their remedies. */
export function islandHealth(status: IslandStatus): RuntimeHealth {
  const { address, isAuthenticated, layout, session, silentSinceMs, counts, transport } = status;
  return {
    warnings: warningsOf(status),
    blocks: {
      'x-medkit-ingest': {
        address,
        authenticated: isAuthenticated,
        ...(layout && {
          runtime: layout.declaration.runtime,
          ports: layout.ports.length,
          faults: layout.faults.length,
        }),
        ...(session !== undefined && { session: String(session) }),
        ...(silentSinceMs !== undefined && { silent_since: new Date(silentSinceMs).toISOString() }),
        ...counts,
        connections: transport.quota.figures().held,
        displaced: transport.counts.displaced,
        bad_frames: transport.counts.badFrames,
      },
      ...quotaBlock({ ingest_connections: transport.quota }),
    },
  };
}

function warningsOf({
  address,
  layout,
  silentSinceMs,
  counts,
  transport,
  problem,
  refusedSession,
}: IslandStatus): readonly Warning[] {
  const entityIds = layout?.declaration.apps.map(({ id }) => id) ?? [];
  const warning = (code: string, message: string): Warning => ({
    code,
    message,
    ...(entityIds.length > 0 && { entityIds }),
  });
  return [
    ...(layout || problem !== undefined
      ? []
      : [
          warning(
            'ingest_nothing',
            `No sender has sent a declaration to ${address}: start the sender, or correct island.listen.`,
          ),
        ]),
    ...(problem === undefined ? [] : [warning('ingest_declaration', `A declaration was rejected: ${problem}.`)]),
    ...(silentSinceMs === undefined || !layout
      ? []
      : [
          warning(
            'ingest_silent',
            `No message from ${layout.declaration.runtime} since ${new Date(silentSinceMs).toISOString()}: its values are outdated, and its faults keep their last state. Check whether the sender runs.`,
          ),
        ]),
    ...(refusedSession === undefined
      ? []
      : [
          warning(
            'ingest_session',
            `The session ${refusedSession} was rejected, because it is not greater than the last one: the counter of the sender was reset. Use a greater session number, or a new key on both sides.`,
          ),
        ]),
    ...(transport.counts.displaced === 0
      ? []
      : [
          warning(
            'ingest_connections',
            `${transport.counts.displaced} connections to ${address} were closed to free capacity, because they sent nothing valid: check which programs of the socket's group connect to it.`,
          ),
        ]),
    ...(counts.forged === 0
      ? []
      : [
          warning(
            'ingest_forged',
            `${counts.forged} messages were dropped, because they were not signed with the key of island.key_file.`,
          ),
        ]),
  ];
}
