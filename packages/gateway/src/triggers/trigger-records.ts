import { errorMessage, type Log } from '@medkit/core';
import type { Statement, Store } from '@medkit/store';
import type { StoredTrigger, TriggerEvent, TriggerNews, TriggerRecord, TriggerRecords } from '@medkit/triggers';
import type { LazyStore } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';
import {
  deleteTriggerStatements,
  eventOf,
  insertTriggerStatement,
  lastNumberStatement,
  progressStatement,
  readProgress,
  recordOf,
  storeEventStatements,
  updated,
} from './trigger-rows.ts';

/** Puts events of triggers into the webhook outbox. */
export interface TriggerOutbox {
  /**
   * Returns statements that add an event of a trigger with a webhook to the outbox, in the transaction that stores the
   * event.
   */
  statements(record: TriggerRecord, event: TriggerEvent): readonly Statement[];
  /** Called when the outbox has new events. */
  wake(): void;
}

export interface TriggerRecordsOptions {
  readonly database: LazyStore;
  readonly log: Log;
  /** Deletes the earlier triggers instead of loading them. */
  readonly reset: boolean;
  readonly outbox?: TriggerOutbox;
}

/** Stores triggers in a database. */
export function triggerRecords({ database, log, reset, outbox }: TriggerRecordsOptions): TriggerRecords {
  const write = (statements: readonly Statement[]): Promise<void> =>
    stored(async () => {
      await (await database.store()).write(statements);
    });
  const ofNews = ({ record, progress, event }: TriggerNews): readonly Statement[] => [
    ...(record.persistent && event ? storeEventStatements(record, event) : []),
    ...(event && record.webhook && outbox ? outbox.statements(record, event) : []),
    ...(record.persistent && progress ? [progressStatement(record, progress)] : []),
  ];
  return {
    load: () =>
      stored(async () => {
        if (!(await database.exists())) return { triggers: [], lastNumber: 0 };
        const store = await database.store();
        if (reset) await forgetAll(store, log);
        const [last] = await store.read('SELECT last FROM trigger_numbers');
        return { triggers: await storedTriggers(store, log), lastNumber: Number(last?.last ?? 0) };
      }),
    add: (record) =>
      write([...(record.persistent ? [insertTriggerStatement(record)] : []), lastNumberStatement(record)]),
    update: (record) => write([updated(record)]),
    note: async (news) => {
      const statements = news.flatMap(ofNews);
      if (statements.length > 0) await write(statements);
      if (news.some(({ record, event }) => event && record.webhook)) outbox?.wake();
    },
    remove: async (numbers) => {
      if (await stored(() => database.exists())) await write(numbers.flatMap(deleteTriggerStatements));
    },
  };
}

async function storedTriggers(store: Store, log: Log): Promise<readonly StoredTrigger[]> {
  const rows = await store.read('SELECT * FROM triggers ORDER BY number');
  const triggers: StoredTrigger[] = [];
  for (const row of rows) {
    try {
      const record = recordOf(row);
      const events = await store.read('SELECT id, time_ms, data FROM trigger_events WHERE trigger = ? ORDER BY id', [
        record.number,
      ]);
      triggers.push({ record, progress: readProgress(row), events: events.map(eventOf) });
    } catch (error) {
      log('error', `Trigger ${row.number} on disk is damaged and is skipped: ${errorMessage(error)}`);
    }
  }
  return triggers;
}

/** Deletes them from disk as well: they would return after a change of the setting. */
async function forgetAll(store: Store, log: Log): Promise<void> {
  const { results } = await store.write([{ sql: 'DELETE FROM triggers' }, { sql: 'DELETE FROM trigger_events' }]);
  const count = results[0]?.changes ?? 0;
  if (count > 0)
    log('info', `${count} triggers from before the restart are removed, because triggers.on_restart_behavior is reset`);
}
