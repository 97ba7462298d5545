import { basename, dirname } from 'node:path';
import { FAULT_TRIGGER_OPERATORS, FAULT_TRIGGER_SEVERITIES } from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import type { FaultTrigger, TriggerStorage } from '@medkit/services';
import { openStore, type Row, type Store } from '@medkit/store';
import { stored } from '../database/stored.ts';

const IN_MEMORY = ':memory:';

const MIGRATIONS = {
  fault_triggers: [
    [
      `CREATE TABLE fault_triggers (
         number INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, data_name TEXT NOT NULL, path TEXT NOT NULL,
         operator TEXT NOT NULL, threshold REAL NOT NULL, fault_code TEXT NOT NULL UNIQUE, severity TEXT NOT NULL,
         active INTEGER NOT NULL, crossed INTEGER NOT NULL DEFAULT 0
       )`,
    ],
  ],
};

export interface TriggerStorageOptions {
  /** Of the database, absolute; `:memory:` for one without a file. */
  readonly path: string;
  readonly files: Pick<Files, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps rules in a database of their own, which is made with the first rule: who has none pays nothing for it. */
export function triggerStorage({ path, files, clock, log }: TriggerStorageOptions): TriggerStorage {
  let opening: Promise<Store> | undefined;
  const open = (): Promise<Store> => {
    const warn = (message: string) => log('warn', message);
    opening ??= openStore({ path, migrations: MIGRATIONS, clock, warn }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const exists = async (): Promise<boolean> =>
    opening !== undefined ||
    (path !== IN_MEMORY && (await files.list(dirname(path))).some(({ name }) => name === basename(path)));
  const run = (sql: string, parameters: readonly (string | number)[]) =>
    stored(async () => (await open()).write([{ sql, parameters }]));

  return {
    load: () =>
      stored(async () => {
        if (!(await exists())) return [];
        const rows = await (await open()).read('SELECT * FROM fault_triggers ORDER BY number');
        return rows.flatMap((row) => {
          const trigger = triggerOf(row);
          if (!trigger) log('error', `${path}: fault trigger ${row.number} is damaged, it is left out`);
          return trigger ?? [];
        });
      }),
    add: async (rule) => {
      const { appId, dataName, path, operator, threshold, faultCode, severity, active } = rule;
      const { results } = await run(
        `INSERT INTO fault_triggers (app_id, data_name, path, operator, threshold, fault_code, severity, active)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [appId, dataName, path, operator, threshold, faultCode, severity, Number(active)],
      );
      return { ...rule, number: results[0]?.rowId ?? 0, crossed: false };
    },
    remove: async (number) => {
      await run('DELETE FROM fault_triggers WHERE number = ?', [number]);
    },
    setCrossed: async (number, crossed) => {
      await run('UPDATE fault_triggers SET crossed = ? WHERE number = ?', [Number(crossed), number]);
    },
    close: async () => {
      const [opened] = await Promise.allSettled([opening]);
      if (opened.status === 'fulfilled') await opened.value?.close();
    },
  };
}

function triggerOf(row: Row): FaultTrigger | undefined {
  const operator = FAULT_TRIGGER_OPERATORS.find((known) => known === row.operator);
  const severity = FAULT_TRIGGER_SEVERITIES.find((known) => known === row.severity);
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
