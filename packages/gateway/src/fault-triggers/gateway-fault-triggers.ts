import { resolve } from 'node:path';
import type { Log, Model } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import { type FaultTriggerService, openFaultTriggers, type TriggerStorage } from '@medkit/faults';
import { type Migrations, openStore } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { type LazyStore, lazyStore } from '../database/lazy-store.ts';
import { FAULT_TRIGGER_TABLES, FORMER_FAULT_TRIGGER_TABLES } from './fault-trigger-tables.ts';
import { migrateRules } from './migrate-rules.ts';
import { triggerStorage } from './trigger-storage.ts';

export interface FaultTriggerSources {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'data_provider' | 'fault_triggers'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly storage: Pick<Files, 'list'>;
  readonly database: GatewayDatabase;
  readonly log: Log;
}

/** Opens the threshold rules as configured. */
export function gatewayFaultTriggers(sources: FaultTriggerSources): FaultTriggerService {
  const { config, model, clock, log } = sources;
  const { enabled, poll_interval_ms } = config.fault_triggers;
  return openFaultTriggers({
    enabled,
    model,
    clock,
    log,
    storage: storageOf(sources),
    pollMs: poll_interval_ms,
    foreignItems: config.data_provider.foreign_topics,
  });
}

/** Returns the storage of rules: the database of the gateway, or the configured file. */
function storageOf({ config, clock, storage: files, database, log }: FaultTriggerSources): TriggerStorage {
  const { path } = config.fault_triggers.storage;
  const inFile = (file: string, tables: Migrations[string]): LazyStore =>
    lazyStore(file, files, () =>
      openStore({
        path: file,
        migrations: { fault_triggers: tables },
        clock,
        warn: (message) => log('warn', message),
      }),
    );
  const before = resolve(config.data_dir, 'fault_triggers.db');
  const file = path === '' || path === ':memory:' ? path : resolve(config.data_dir, path);
  if (file !== '' && file !== before) {
    const separate = inFile(file, FAULT_TRIGGER_TABLES);
    return triggerStorage({ database: separate, log, close: () => separate.close() });
  }
  const left = inFile(before, FORMER_FAULT_TRIGGER_TABLES);
  return triggerStorage({
    database,
    log,
    takeOver: () => migrateRules({ from: left, to: database, clock, log }),
    close: () => left.close(),
  });
}
