import {
  type EntityKind,
  type LogConfiguration,
  type LogEntryList,
  type LogListXMedkit,
  type LogSeverity,
  SovdError,
} from '@medkit/contract';
import {
  type Awaitable,
  andThen,
  type CallContext,
  isLogSeverity,
  type LogQuery,
  type LogReader,
  type Model,
  ownerOf,
  quotaBlock,
  type RuntimeHealth,
  severityRank,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entityOf } from '../discovery/lookup.ts';
import { ask, LIST, nobodyTold } from '../members/ask.ts';
import { errorsWith } from '../members/error-parameters.ts';
import { isoTime } from '../values/iso-time.ts';
import { LogConfigurations } from './log-configurations.ts';
import { type LogFilters, type LogParameters, logFilters } from './log-filters.ts';
import { aboutMembers, type GatheredLogs, logList } from './log-list.ts';
import { allLogs, type LogOwner, logOwners, noteLog } from './log-sources.ts';

/** Entries of the whole robot in one list unless the request says otherwise. */
const WHOLE_LOG_LIMIT = 1000;

/** The logs of entities, whatever runtime keeps them. Every call throws `SovdError`. */
export interface LogService {
  list(kind: EntityKind, id: string, parameters: LogParameters, call: CallContext): Promise<LogEntryList>;
  /** The entries of everybody, of loggers that belong to no entity too. */
  wholeLog(parameters: LogParameters, call: CallContext): Awaitable<LogEntryList>;
  configuration(kind: EntityKind, id: string): LogConfiguration;
  configure(kind: EntityKind, id: string, change: LogConfiguration, call: CallContext): void;
  /** Counts of configurations that clients made. */
  health(): RuntimeHealth;
  /** Adds an entry to the log of an entity; one whose severity is unknown is an `info`. */
  add(kind: EntityKind, id: string, note: LogNote, call: CallContext): Promise<void>;
}

/** What the gateway itself has to say about an entity. */
export interface LogNote {
  readonly severity: string;
  readonly message: string;
  /** Written behind the message as JSON, unless empty. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface LogServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
  /** Where all entries are read from, in the place of the runtimes that keep them. */
  readonly reader?: LogReader;
}

/** The log service of a gateway. */
export function createLogService({ model, clock, reader }: LogServiceOptions): LogService {
  const configurations = new LogConfigurations();

  const entriesOf = (owners: readonly LogOwner[], query: LogQuery, call: CallContext): Awaitable<GatheredLogs> => {
    const asked = ask({ owners, clock, call, budget: LIST }, ({ provider, nativeId, scope }, within) =>
      provider.list(nativeId, scope, query, within),
    );
    return andThen(asked, (gathered) => {
      const mute = nobodyTold(gathered, owners);
      if (mute) throw unavailable(mute.error);
      return gathered;
    });
  };

  /** How far back a log goes; nothing if that is not known. */
  const oldestOf = (owners: readonly LogOwner[], call: CallContext): Awaitable<LogListXMedkit> => {
    const asked = ask({ owners, clock, call, budget: LIST }, ({ provider, nativeId, scope }, within) =>
      andThen(provider.oldestNs?.(nativeId, scope, within), (oldestNs) => (oldestNs === undefined ? [] : [oldestNs])),
    );
    return andThen(asked, ({ entries }) => {
      const [first, ...rest] = entries.map(({ entry }) => entry);
      if (first === undefined) return {};
      return { oldest: isoTime(rest.reduce((least, timeNs) => (timeNs < least ? timeNs : least), first)) };
    });
  };

  /** The list of what owners have; for a client that pages through it, also how far back that goes. */
  const listed = (
    owners: readonly LogOwner[],
    query: LogQuery,
    call: CallContext,
    about?: LogListXMedkit,
  ): Awaitable<LogEntryList> => {
    const gathered = entriesOf(owners, query, call);
    if (!query.until && !query.before) return andThen(gathered, (entries) => logList(entries, query, about));
    return Promise.all([gathered, oldestOf(owners, call)]).then(([entries, oldest]) =>
      logList(entries, query, { ...about, ...oldest }),
    );
  };

  return {
    list: async (kind, id, parameters, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      const { severity_filter, max_entries } = configurations.of(entity);
      const { severity = 'debug', context, limit = max_entries, ...places } = logFilters(parameters);
      const query: LogQuery = {
        minimum: stricter(severity, severity_filter),
        context,
        limit: Math.min(limit, max_entries),
        ...placesOf(places),
      };
      const owners = logOwners(model, entity, reader);
      return errorsWith({ entity_id: entity.id }, async () => listed(owners, query, call, aboutMembers(tree, entity)));
    },
    wholeLog: (parameters, call) => {
      const { severity = 'debug', context, limit = WHOLE_LOG_LIMIT, ...places } = logFilters(parameters);
      const query: LogQuery = { minimum: severity, context, limit, ...placesOf(places) };
      return listed(allLogs(model, reader), query, call);
    },
    configuration: (kind, id) => configurations.of(entityOf(model.tree, kind, id)),
    configure: (kind, id, change, call) => configurations.change(entityOf(model.tree, kind, id), change, ownerOf(call)),
    health: () => ({ warnings: [], blocks: quotaBlock({ log_configurations: configurations }) }),
    add: async (kind, id, { severity, message, metadata = {} }, call) => {
      const entity = entityOf(model.tree, kind, id);
      const { provider, nativeId } = noteLog(model, entity);
      const details = Object.keys(metadata).length > 0 ? ` ${jsonText(metadata)}` : '';
      await provider.add(
        nativeId,
        {
          timestampNs: clock.wallNs(),
          severity: isLogSeverity(severity) ? severity : 'info',
          message: message + details,
        },
        call,
      );
    },
  };
}

function placesOf({ since, until, before }: Pick<LogFilters, 'since' | 'until' | 'before'>) {
  return { ...(since && { after: since }), ...(until && { until }), ...(before && { before }) };
}

/** A log that cannot be read is unavailable, whatever is wrong with it. */
function unavailable(error: unknown): unknown {
  if (error instanceof SovdError && error.code !== 'internal-error') return error;
  return new SovdError({ code: 'service-unavailable', message: 'The log cannot be read' });
}

/** For people: a 64-bit integer is quoted. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? String(member) : member));
}

function stricter(a: LogSeverity, b: LogSeverity): LogSeverity {
  return severityRank(a) > severityRank(b) ? a : b;
}
