import type { Log } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import { INCIDENT_TABLES } from '@medkit/incidents';
import { NOTIFY_TABLES } from '@medkit/notify/tables';
import { SCRIPT_TABLES } from '@medkit/scripts';
import { type Migrations, openStore } from '@medkit/store';
import { WEBHOOK_TABLES } from '@medkit/webhooks';
import type { HubDatabase } from './database/hub-database.ts';
import { type GatewayDatabase, lazyStore, serverStore } from './database/lazy-store.ts';
import { ENTITY_FRAME_TABLES } from './faults/entity-frame-tables.ts';
import { HISTORY_TABLES } from './history/history-tables.ts';
import { IDEMPOTENCY_TABLES } from './idempotency/idempotency-tables.ts';
import { LOCK_TABLES } from './locks/lock-tables.ts';
import { AUDIT_WITNESS_TABLES } from './peers/audit/audit-witness-tables.ts';
import { PEER_TABLES } from './peers/peer-tables.ts';
import { TRIGGER_TABLES } from './triggers/trigger-tables.ts';
import { UPDATE_TABLES } from './updates/update-tables.ts';

/** The tables in the gateway's database, by owner. */
export const GATEWAY_TABLES: Migrations = {
  audit_witnesses: AUDIT_WITNESS_TABLES,
  entity_frames: ENTITY_FRAME_TABLES,
  history: HISTORY_TABLES,
  idempotency: IDEMPOTENCY_TABLES,
  incidents: INCIDENT_TABLES,
  locks: LOCK_TABLES,
  notify: NOTIFY_TABLES,
  peers: PEER_TABLES,
  scripts: SCRIPT_TABLES,
  triggers: TRIGGER_TABLES,
  updates: UPDATE_TABLES,
  webhooks: WEBHOOK_TABLES,
};

export interface GatewayDatabaseOptions {
  /** Absolute. */
  readonly path: string;
  /** Contains the tables instead of the file, if the gateway is a hub on PostgreSQL. */
  readonly hub?: Pick<HubDatabase, 'open'> | undefined;
  readonly files: Pick<Files, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function gatewayDatabase({ path, hub, files, clock, log }: GatewayDatabaseOptions): GatewayDatabase {
  if (hub) return serverStore(() => hub.open('gateway', { migrations: GATEWAY_TABLES }));
  const warn = (message: string) => log('warn', message);
  return lazyStore(path, files, () => openStore({ path, migrations: GATEWAY_TABLES, clock, warn }));
}
