import { FAULT_SEVERITIES, FAULT_TRIGGER_OPERATORS } from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { FaultTrigger, TriggerStorage } from '@medkit/faults';
import type { Row } from '@medkit/store';
import type { LazyStore } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';

export interface TriggerStorageOptions {
  readonly database: LazyStore;
  readonly log: Log;
  /** Migrates earlier rules into the database before they are loaded. */
  readonly takeOver?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** Stores rules in a database that is created with the first rule. */
export function triggerStorage({ database, log, takeOver, close }: TriggerStorageOptions): TriggerStorage {
  const run = (sql: string, parameters: readonly (string | number)[]) =>
    stored(async () => (await database.store()).write([{ sql, parameters }]));

  return {
    load: () =>
      stored(async () => {
        await takeOver?.();
        if (!(await database.exists())) return [];
        const store = await database.store();
        const rows = await store.read('SELECT * FROM fault_triggers ORDER BY number');
        return rows.flatMap((row) => {
          const trigger = triggerOf(row);
          if (!trigger) log('error', `${store.facts().path}: fault trigger ${row.number} is damaged and is skipped`);
          return trigger ?? [];
        });
      }),
    add: async (rule) => {
      const { appId, dataName, path, operator, threshold, faultCode, severity, active } = rule;
      const { results } = await run(
        `INSERT INTO fault_triggers (app_id, data_name, path, operator, threshold, fault_code, severity, active)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number`,
        [appId, dataName, path, operator, threshold, faultCode, severity, Number(active)],
      );
      return { ...rule, number: Number(results[0]?.rows[0]?.number ?? 0), crossed: false };
    },
    remove: async (number) => {
      await run('DELETE FROM fault_triggers WHERE number = ?', [number]);
    },
    setApp: async (number, appId) => {
      await run('UPDATE fault_triggers SET app_id = ? WHERE number = ?', [appId, number]);
    },
    setCrossed: async (number, crossed) => {
      await run('UPDATE fault_triggers SET crossed = ? WHERE number = ?', [Number(crossed), number]);
    },
    close: async () => close?.(),
  };
}

/** Converts a row to a rule. Returns `undefined` if it is damaged. */
export function triggerOf(row: Row): FaultTrigger | undefined {
  const operator = FAULT_TRIGGER_OPERATORS.find((known) => known === row.operator);
  const severity = FAULT_SEVERITIES.longLabels.find((known) => known === row.severity);
  const threshold = Number(row.threshold);
  if (!operator || !severity || Number.isNaN(threshold)) return undefined;
  return {
    number: Number(row.number),
    appId: String(row.app_id),
    dataName: String(row.data_name),
    path: String(row.path),
    operator,
    threshold,
    faultCode: String(row.fault_code),
    severity,
    active: row.active === 1,
    crossed: row.crossed === 1,
  };
}
