import { SovdError } from '@medkit/contract';
import { parseJson, stringifyJson } from '@medkit/core';
import type { TriggerEvent, TriggerProgress, TriggerRecord } from '../trigger.ts';
import type { TriggerNews, TriggerRecords } from '../trigger-records.ts';

export interface Row {
  record: TriggerRecord;
  progress: TriggerProgress;
  readonly events: TriggerEvent[];
}

/** A storage that a test can inspect, delay and make fail. It returns values that were serialized and parsed. */
export function memoryRecords() {
  const rows = new Map<number, Row>();
  const disk = {
    failing: false,
    /** Writes wait for this promise. */
    held: undefined as Promise<void> | undefined,
    lastNumber: 0,
    /** Each entry is one call of `note`. */
    notes: [] as (readonly TriggerNews[])[],
  };
  const work = async (): Promise<void> => {
    await disk.held;
    if (disk.failing) throw new SovdError({ code: 'service-unavailable', message: 'the disk was removed' });
  };
  const records: TriggerRecords = {
    load: async () => {
      await work();
      const triggers = parseJson(stringifyJson([...rows.values()])) as unknown as Row[];
      return { triggers, lastNumber: disk.lastNumber };
    },
    add: async (record) => {
      await work();
      disk.lastNumber = Math.max(disk.lastNumber, record.number);
      if (record.persistent) rows.set(record.number, { record, progress: { lastEventId: 0, gists: {} }, events: [] });
    },
    update: async (record) => {
      await work();
      const row = rows.get(record.number);
      if (row) row.record = record;
    },
    note: async (news) => {
      await work();
      disk.notes.push(news);
      for (const { record, progress, event } of news) {
        const row = rows.get(record.number);
        if (row && progress) row.progress = progress;
        if (row && event) row.events.push(event);
      }
    },
    remove: async (numbers) => {
      await work();
      for (const number of numbers) rows.delete(number);
    },
  };
  return { records, rows, disk };
}
