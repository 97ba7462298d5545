import type { PastState } from '@medkit/contract';
import { VERSION } from '@medkit/contract';
import { type CallContext, LOCAL, type Log, type Model, type NamedChange, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ConfigurationObserver } from '@medkit/entities';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';
import { startHistory } from './history-recorder.ts';
import { readBeginMs, readExcerpt } from './history-storage.ts';
import { readPastFaults } from './past-faults.ts';
import { beforeRecord, pastQuery } from './past-query.ts';
import { pastRecord } from './past-record.ts';
import { pastView } from './past-view.ts';

export interface HistoryOptions {
  readonly config: Pick<GatewayConfig, 'history'>;
  readonly model: Model;
  readonly database: GatewayDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** The history of a gateway. */
export interface GatewayHistory {
  /** Returns the state at a moment. Throws `SovdError`. */
  at(query: Readonly<Record<string, string | undefined>>, call: CallContext): Promise<PastState>;
  /** Receives the values of parameters that clients read and set. */
  readonly observer: ConfigurationObserver;
  close(): Promise<void>;
}

/** Starts to record the history, and answers from it. */
export function gatewayHistory({ config, model, database, clock, log }: HistoryOptions): GatewayHistory {
  const { max_rows: maxRows, max_days: maxDays } = config.history;
  const bounds = { maxRows, maxDays };
  const recorder = startHistory({ model, database, clock, log, bounds, version: VERSION });
  return {
    at: async (parameters, call) => {
      const query = pastQuery(parameters, clock.wallMs());
      await recorder.flush();
      const [excerpt, beginMs] = await stored(() =>
        Promise.all([readExcerpt(database, query.tMs), readBeginMs(database)]),
      );
      if (!excerpt || beginMs === undefined) throw beforeRecord(query.tMs, beginMs);
      const record = pastRecord(excerpt, query.tMs, recorder.recording);
      // Faults have a separate log: it may reach further than the changes of the tree.
      const faults = await readPastFaults(model, query.tMs, call);
      return pastView({ record, faults, beginMs, query, notCovered: otherGateways(model) });
    },
    observer: {
      read: (entity, entries, isComplete) =>
        recorder.learned(
          entity,
          entries.map(({ name, value }) => ({ name, text: stringifyJson(value), source: 'read' })),
          isComplete,
        ),
      written: (entity, changes) => recorder.learned(entity, changes.map(writtenValue)),
    },
    close: () => recorder.close(),
  };
}

const writtenValue = ({ name, value }: NamedChange) =>
  ({ name, text: stringifyJson(value), source: 'written' }) as const;

/** Returns the names of the other gateways whose entities this gateway has. */
function otherGateways(model: Model): readonly string[] {
  const origins = model.runtimes.map((runtime) => model.originOf(runtime) ?? LOCAL);
  return [...new Set(origins)].filter((origin) => origin !== LOCAL).sort();
}
