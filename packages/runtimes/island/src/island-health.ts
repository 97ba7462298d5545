import { quotaBlock, type RuntimeHealth, type Warning } from '@medkit/core';
import type { IngestCounts } from '@medkit/ingest';
import type { Layout } from './declared/layout.ts';
import type { IslandListener } from './island-options.ts';

export interface IslandTold {
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
export function islandHealth(told: IslandTold): RuntimeHealth {
  const { address, isAuthenticated, layout, session, silentSinceMs, counts, transport } = told;
  return {
    warnings: warningsOf(told),
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
}: IslandTold): readonly Warning[] {
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
            `Nobody has declared itself at ${address}: start the sender, or correct island.listen.`,
          ),
        ]),
    ...(problem === undefined ? [] : [warning('ingest_declaration', `A declaration is refused: ${problem}.`)]),
    ...(silentSinceMs === undefined || !layout
      ? []
      : [
          warning(
            'ingest_silent',
            `Nothing has come from ${layout.declaration.runtime} since ${new Date(silentSinceMs).toISOString()}: its values are old and its faults stand as they were. See whether the sender runs.`,
          ),
        ]),
    ...(refusedSession === undefined
      ? []
      : [
          warning(
            'ingest_session',
            `The session ${refusedSession} is not after the last one: the counter of the sender was set back. Give it a greater one, or both sides a new key.`,
          ),
        ]),
    ...(transport.counts.displaced === 0
      ? []
      : [
          warning(
            'ingest_connections',
            `${transport.counts.displaced} connections to ${address} that sent nothing valid were closed to make room for others: see which programs of the group of the socket connect to it.`,
          ),
        ]),
    ...(counts.forged === 0
      ? []
      : [
          warning(
            'ingest_forged',
            `${counts.forged} messages did not have the key of island.key_file and were dropped.`,
          ),
        ]),
  ];
}
