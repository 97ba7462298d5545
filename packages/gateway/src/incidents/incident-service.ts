import {
  type IncidentChange,
  type IncidentDetail,
  type IncidentMerge,
  type IncidentSplit,
  SovdError,
} from '@medkit/contract';
import type { Clock, Random } from '@medkit/edges';
import {
  changeRecords,
  type IncidentBook,
  mergeRecords,
  occurrenceKey,
  splitRecords,
  type Timeline,
} from '@medkit/incidents';
import { stored } from '../database/store-errors.ts';
import {
  entryNamed,
  type IncidentReader,
  type IncidentReaderOptions,
  incidentDetail,
  incidentReader,
} from './incident-reader.ts';

/** Incidents as clients see them. Every call throws as those of `IncidentReader`. */
export interface IncidentService extends IncidentReader {
  change(id: string, change: IncidentChange, by: string): Promise<IncidentDetail>;
  merge(id: string, merge: IncidentMerge, by: string): Promise<IncidentDetail>;
  split(id: string, split: IncidentSplit, by: string): Promise<IncidentDetail>;
}

export interface IncidentServiceOptions extends IncidentReaderOptions {
  readonly book: IncidentBook;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly random: Random;
}

export function incidentService(options: IncidentServiceOptions): IncidentService {
  const { book, clock, random } = options;
  const reader = incidentReader(options);
  const record = async (id: string, records: ReturnType<typeof changeRecords>): Promise<IncidentDetail> => {
    if (records.length > 0) await stored(() => book.record(records));
    return incidentDetail(book.entries.byId.get(id) ?? reader.entry(id), options);
  };
  const label = (): string => Buffer.from(random.bytes(9)).toString('base64url');
  const saying = (by: string) => ({ by, atMs: clock.wallMs() });

  return {
    ...reader,
    change: async (id, change, by) => record(id, changeRecords(reader.entry(id), change, saying(by))),
    merge: async (id, { incidents }, by) => {
      // Only the id in the URL is redirected: the ids in the body may belong to any other incident.
      const entries = [...new Set([reader.entry(id), ...incidents.map((other) => entryNamed(book, other))])];
      if (entries.length < 2) {
        const message = `Specify incidents other than ${id} to merge`;
        throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'incidents' } });
      }
      return record(id, mergeRecords(entries, label(), saying(by)));
    },
    split: async (id, split, by) => {
      const entry = reader.entry(id);
      const [rest, splitLabel] = [label(), label()] as const;
      const records = splitRecords(entry, split, [rest, splitLabel], saying(by));
      await stored(() => book.record(records));
      const first = records.find(({ said }) => said.is === 'label' && said.label === splitLabel);
      const made = book.entries.all.find(({ group }) =>
        group.members.some(({ occurrence }) => occurrenceKey(occurrence) === first?.key),
      );
      return incidentDetail(made ?? entry, options);
    },
  };
}
