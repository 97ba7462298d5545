import { type FaultStreamEvent, SovdError } from '@medkit/contract';
import {
  type CallContext,
  type EntityTree,
  FAULT_MANAGER_ID,
  FAULT_NEWS,
  type FaultEvent,
  type FaultEventPage,
  type FaultNews,
  type FaultProvider,
  type Model,
  newsOf,
} from '@medkit/core';
import { faultItem } from './fault-item.ts';
import { localManager, managerError, noManager } from './fault-managers.ts';
import { reporterOf } from './fault-sources.ts';
import { seconds } from './fault-times.ts';

/**
 * What happened to faults: past events from the log, present ones as they come. Where several runtimes keep faults, those of
 * this robot: each log has numbers of its own.
 */
export interface FaultLog {
  /** Up to `limit` events after the one with number `id`. Throws `service-unavailable`. */
  eventsAfter(id: number, limit: number, call: CallContext): Promise<FaultEventPage>;
  /** The number behind which the last `count` events come, where these are of some types alone. Throws `service-unavailable`. */
  beforeLast?(count: number, call: CallContext): Promise<number>;
  /** Calls `listener` with every event that comes. Gives a way to stop. */
  onEvent(listener: (event: FaultEvent) => void): () => void;
}

const READ_FAILED = 'Failed to get fault events';

/** The log of fault events of a gateway; with `types`, of those alone that are told as one of them. */
export function createFaultLog(model: Model, types?: readonly FaultNews[]): FaultLog {
  const ask = async <T>(question: (provider: FaultProvider) => Promise<T>): Promise<T> => {
    const manager = localManager(model);
    if (!manager) throw noManager(READ_FAILED);
    try {
      return await question(manager.provider);
    } catch (error) {
      throw managerError(error, READ_FAILED);
    }
  };
  return {
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
    onEvent: (listener) =>
      model.events.on('fault.event', ({ runtime, event }) => {
        if (runtime === localManager(model)?.runtime && (!types || newsOf(event).some((news) => types.includes(news))))
          listener(event);
      }),
  };
}

/** The types that `?types=` names; `undefined` where it names all. Throws `invalid-parameter`, which says what is allowed. */
export function faultNewsOf(names: string | undefined): readonly FaultNews[] | undefined {
  const words = (names ?? '').split(',').map((word) => word.trim());
  const wanted = new Set(words.filter((word) => word !== ''));
  const types = FAULT_NEWS.filter((type) => wanted.delete(type));
  const [unknown] = wanted;
  if (unknown !== undefined) {
    throw new SovdError({
      code: 'invalid-parameter',
      message: 'Invalid types parameter value',
      parameters: { allowed_values: FAULT_NEWS.join(', '), parameter: 'types', value: unknown },
    });
  }
  return types.length === 0 || types.length === FAULT_NEWS.length ? undefined : types;
}

/** The `data` of an event of the stream, told as `type`. */
export function faultStreamEvent(tree: EntityTree, event: FaultEvent, type: FaultNews): FaultStreamEvent {
  const { fault, timeNs, autoClearedCodes } = event;
  const reporter = reporterOf(tree, fault);
  return {
    event_type: type,
    fault: faultItem(tree, fault),
    timestamp: seconds(timeNs),
    ...(autoClearedCodes.length > 0 && { auto_cleared_codes: [...autoClearedCodes] }),
    ...(reporter && {
      'x-medkit': { entity_type: reporter.kind === 'app' ? 'apps' : 'components', entity_id: reporter.id },
    }),
  };
}
