import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FaultTriggerRule } from '@medkit/faults/replay';
import { type Migrations, readDatabaseFile } from '@medkit/store';
import type { TriggerRecord } from '@medkit/triggers';
import type { GatewayConfig } from '../../config/index.ts';
import { FORMER_FAULT_TRIGGER_TABLES } from '../../fault-triggers/fault-trigger-tables.ts';
import { triggerOf } from '../../fault-triggers/trigger-storage.ts';
import { GATEWAY_TABLES } from '../../gateway-database.ts';
import { recordOf } from '../../triggers/trigger-rows.ts';
import { hasTable } from '../read-record.ts';

/** The rules over values that a replay runs recordings through, by their id, such as `trig_2` and `ftr_1`. */
export interface TriggerRules {
  readonly triggers: ReadonlyMap<string, TriggerRecord>;
  readonly faultTriggers: ReadonlyMap<string, FaultTriggerRule>;
}

/** Where a gateway stores its rules, and how it evaluates them. */
export type TriggerSettings = Pick<GatewayConfig, 'data_dir' | 'triggers' | 'fault_triggers'>;

/**
 * Reads the stored rules of a data folder without changing it. Without a stored rule, the result is empty. Triggers that
 * are not persistent exist only in the memory of the gateway. Rejects with a `StoreError`.
 */
export async function readTriggerRules(
  settings: TriggerSettings,
): Promise<TriggerRules & { readonly damaged: number }> {
  const { data_dir: folder, triggers, fault_triggers } = settings;
  const shared = join(folder, 'gateway.db');
  const pathOf = (path: string): string => (path === '' || path === ':memory:' ? shared : resolve(folder, path));
  const stored = await rowsOf(pathOf(triggers.storage.path), folder, 'triggers', (row) => {
    try {
      const record = recordOf(row);
      return [`trig_${record.number}`, record] as const;
    } catch {
      return undefined;
    }
  });
  const rules = await rowsOf(pathOf(fault_triggers.storage.path), folder, 'fault_triggers', (row) => {
    const rule = triggerOf(row);
    return rule && ([`ftr_${rule.number}`, rule] as const);
  });
  return {
    triggers: new Map(stored.items),
    faultTriggers: new Map(rules.items),
    damaged: stored.damaged + rules.damaged,
  };
}

const TABLES: Migrations = { ...GATEWAY_TABLES, fault_triggers: FORMER_FAULT_TRIGGER_TABLES };

async function rowsOf<T>(
  path: string,
  folder: string,
  table: 'triggers' | 'fault_triggers',
  itemOf: (row: Parameters<typeof recordOf>[0]) => T | undefined,
): Promise<{ readonly items: readonly T[]; readonly damaged: number }> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return { items: [], damaged: 0 };
  return readDatabaseFile({ path, lockPath: join(folder, 'gateway.lock'), migrations: TABLES }, (read) => {
    if (!hasTable(read, table)) return { items: [], damaged: 0 };
    const rows = read(`SELECT * FROM ${table} ORDER BY number`);
    const items = rows.map(itemOf).filter((item) => item !== undefined);
    return { items, damaged: rows.length - items.length };
  });
}
