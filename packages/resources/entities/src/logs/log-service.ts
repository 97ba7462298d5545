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
import { ask, LIST, totalFailure } from '../members/ask.ts';
import { errorsWith } from '../members/error-parameters.ts';
import { isoTime } from '../values/iso-time.ts';
import { LogConfigurations } from './log-configurations.ts';
import { type LogFilters, type LogParameters, logFilters } from './log-filters.ts';
import { describeMembers, type GatheredLogs, logList } from './log-list.ts';
import { allLogs, type LogOwner, logOwners, noteTarget, type VisibleLogs, visibleLogs } from './log-sources.ts';

/** Default number of entries in the log of the whole robot. */
const WHOLE_LOG_LIMIT = 1000;

/** The logs of entities of any runtime. Every call throws `SovdError`. */
export interface LogService {
  list(kind: EntityKind, id: string, parameters: LogParameters, call: CallContext): Promise<LogEntryList>;
  /** Returns the entries of all loggers, including loggers of no entity. With `visible`, those of these entities. */
  wholeLog(parameters: LogParameters, call: CallContext, visible?: VisibleLogs): Awaitable<LogEntryList>;
  configuration(kind: EntityKind, id: string): LogConfiguration;
  configure(kind: EntityKind, id: string, change: LogConfiguration, call: CallContext): void;
  /** Counts of configurations that clients made. */
  health(): RuntimeHealth;
  /** Adds an entry to the log of an entity; an unknown severity counts as `info`. */
  add(kind: EntityKind, id: string, note: LogNote, call: CallContext): Promise<void>;
}

/** A log entry that the gateway writes about an entity. */
export interface LogNote {
  readonly severity: string;
  readonly message: string;
  /** Appended to the message as JSON, unless empty. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface LogServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
  /** Reads all entries, instead of the runtimes that record them. */
  readonly reader?: LogReader;
}

/** Creates the log service of a gateway. */
export function createLogService({ model, clock, reader }: LogServiceOptions): LogService {
  const configurations = new LogConfigurations();

  const entriesOf = (owners: readonly LogOwner[], query: LogQuery, call: CallContext): Awaitable<GatheredLogs> => {
    const answers = ask({ owners, clock, call, budget: LIST }, ({ provider, nativeId, scope }, memberCall) =>
      provider.list(nativeId, scope, query, memberCall),
    );
    return andThen(answers, (gathered) => {
      const mute = totalFailure(gathered, owners);
      if (mute) throw unavailable(mute.error);
      return gathered;
    });
  };

  /** Returns the time of the oldest stored entry, or nothing if it is unknown. */
  const oldestOf = (owners: readonly LogOwner[], call: CallContext): Awaitable<LogListXMedkit> => {
    const answers = ask({ owners, clock, call, budget: LIST }, ({ provider, nativeId, scope }, memberCall) =>
      andThen(provider.oldestNs?.(nativeId, scope, memberCall), (oldestNs) =>
        oldestNs === undefined ? [] : [oldestNs],
      ),
    );
    return andThen(answers, ({ entries }) => {
      const [first, ...rest] = entries.map(({ entry }) => entry);
      if (first === undefined) return {};
      return { oldest: isoTime(rest.reduce((min, timeNs) => (timeNs < min ? timeNs : min), first)) };
    });
  };

  /**
   * Lists the entries of owners. For a client that pages through the list, adds the time of the oldest stored entry.
   */
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
      return errorsWith({ entity_id: entity.id }, async () =>
        listed(owners, query, call, describeMembers(tree, entity)),
      );
    },
    wholeLog: (parameters, call, visible) => {
      const { severity = 'debug', context, limit = WHOLE_LOG_LIMIT, ...places } = logFilters(parameters);
      const query: LogQuery = { minimum: severity, context, limit, ...placesOf(places) };
      return listed(visible ? visibleLogs(model, visible, reader) : allLogs(model, reader), query, call);
    },
    configuration: (kind, id) => configurations.of(entityOf(model.tree, kind, id)),
    configure: (kind, id, change, call) => configurations.change(entityOf(model.tree, kind, id), change, ownerOf(call)),
    health: () => ({ warnings: [], blocks: quotaBlock({ log_configurations: configurations }) }),
    add: async (kind, id, { severity, message, metadata = {} }, call) => {
      const entity = entityOf(model.tree, kind, id);
      const { provider, nativeId } = noteTarget(model, entity);
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

/** Creates the client's error: an unreadable log is unavailable, whatever the reason. */
function unavailable(error: unknown): unknown {
  if (error instanceof SovdError && error.code !== 'internal-error') return error;
  return new SovdError({ code: 'service-unavailable', message: 'The log cannot be read' });
}

/** Formats JSON for display: a 64-bit integer is quoted. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? String(member) : member));
}

function stricter(a: LogSeverity, b: LogSeverity): LogSeverity {
  return severityRank(a) > severityRank(b) ? a : b;
}
