import { type FaultStreamEvent, SovdError } from '@medkit/contract';
import {
  type CallContext,
  type EntityTree,
  FAULT_MANAGER_ID,
  FAULT_STREAM_EVENT_TYPES,
  type FaultEvent,
  type FaultEventPage,
  type FaultProvider,
  type FaultStreamEventType,
  LOCAL,
  type Model,
  type Origin,
  streamEventTypes,
} from '@medkit/core';
import { faultItem } from './fault-item.ts';
import { faultManagers, managerAt, managerError, noManager } from './fault-managers.ts';
import { seconds } from './fault-times.ts';

/** The log of fault events of one gateway. */
export interface FaultLog {
  readonly origin: Origin;
  /** Returns up to `limit` events with a number above `id`. Throws `service-unavailable`. */
  eventsAfter(id: number, limit: number, call: CallContext): Promise<FaultEventPage>;
  /**
   * Returns the number that precedes the last `count` events of the wanted types. Present only if the log is limited to
   * some types. Throws `service-unavailable`.
   */
  beforeLast?(count: number, call: CallContext): Promise<number>;
}

/**
 * The fault events of all gateways: past events from the logs, and new events as they arrive. Each log numbers its
 * events separately.
 */
export interface FaultLogs {
  /**
   * Returns the log of each gateway that stores faults, this gateway's first. Throws `service-unavailable` if there is
   * none.
   */
  logs(): readonly FaultLog[];
  /** Calls `listener` with every new event and the gateway of its log. Returns a function that stops it. */
  onEvent(listener: (event: FaultEvent, origin: Origin) => void): () => void;
}

const READ_FAILED = 'Failed to get fault events';

/** Opens the fault event logs that a gateway knows; with `types`, only events sent as one of them. */
export function faultLogs(model: Model, types?: readonly FaultStreamEventType[]): FaultLogs {
  const isWanted = (event: FaultEvent): boolean =>
    !types || streamEventTypes(event).some((news) => types.includes(news));
  return {
    logs: () => {
      const origins = new Set(faultManagers(model).map(({ origin }) => origin));
      if (origins.size === 0) throw noManager(READ_FAILED);
      const all = [...origins].sort((a, b) => Number(b === LOCAL) - Number(a === LOCAL));
      return all.map((origin) => faultLog(model, origin, types));
    },
    onEvent: (listener) =>
      model.events.on(
        'fault.event',
        ({ runtime, origin = LOCAL, event }) => {
          if (runtime === managerAt(model, origin)?.runtime && isWanted(event)) listener(event, origin);
        },
        'all',
      ),
  };
}

function faultLog(model: Model, origin: Origin, types: readonly FaultStreamEventType[] | undefined): FaultLog {
  const ask = async <T>(question: (provider: FaultProvider) => Promise<T>): Promise<T> => {
    const manager = managerAt(model, origin);
    if (!manager) throw noManager(READ_FAILED);
    try {
      return await question(manager.provider);
    } catch (error) {
      throw managerError(error, READ_FAILED);
    }
  };
  return {
    origin,
    eventsAfter: (after, limit, call) =>
      ask((provider) =>
        types
          ? provider.eventsOf(FAULT_MANAGER_ID, { types, after, limit }, call)
          : provider.eventsAfter(FAULT_MANAGER_ID, after, limit, call),
      ),
    ...(types && {
      beforeLast: async (count: number, call: CallContext) => {
        const query = { types, limit: count };
        const { events, newestId } = await ask((provider) => provider.eventsOf(FAULT_MANAGER_ID, query, call));
        return (events[0]?.id ?? newestId + 1) - 1;
      },
    }),
  };
}

/** Parses `?types=`; returns `undefined` if it names all types. Throws `invalid-parameter` with the allowed values. */
export function faultNewsOf(names: string | undefined): readonly FaultStreamEventType[] | undefined {
  const tokens = (names ?? '').split(',').map((word) => word.trim());
  const wanted = new Set(tokens.filter((word) => word !== ''));
  const types = FAULT_STREAM_EVENT_TYPES.filter((type) => wanted.delete(type));
  const [unknown] = wanted;
  if (unknown !== undefined) {
    throw new SovdError({
      code: 'invalid-parameter',
      message: 'Invalid types parameter value',
      parameters: { allowed_values: FAULT_STREAM_EVENT_TYPES.join(', '), parameter: 'types', value: unknown },
    });
  }
  return types.length === 0 || types.length === FAULT_STREAM_EVENT_TYPES.length ? undefined : types;
}

/** Builds the `data` of a stream event of type `type` from the log of the gateway `origin`. */
export function faultStreamEvent(
  tree: EntityTree,
  event: FaultEvent,
  type: FaultStreamEventType,
  origin: Origin = LOCAL,
): FaultStreamEvent {
  const { timeNs, autoClearedCodes } = event;
  const fault = faultItem(tree, event.fault, { origin });
  const { entity_id, entity_type } = fault;
  return {
    event_type: type,
    fault,
    timestamp: seconds(timeNs),
    ...(autoClearedCodes.length > 0 && { auto_cleared_codes: [...autoClearedCodes] }),
    ...(entity_id && {
      'x-medkit': { entity_type: entity_type === 'app' ? 'apps' : 'components', entity_id },
    }),
    ...(origin !== LOCAL && { 'x-medkit-origin': origin }),
  };
}
