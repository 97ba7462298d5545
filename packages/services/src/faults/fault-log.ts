import type { FaultStreamEvent } from '@medkit/contract';
import {
  type CallContext,
  type EntityTree,
  FAULT_MANAGER_ID,
  type FaultEvent,
  type FaultEventPage,
  type Model,
} from '@medkit/core';
import { faultItem } from './fault-item.ts';
import { faultManagers, managerError, noManager } from './fault-managers.ts';
import { reporterOf } from './fault-sources.ts';
import { seconds } from './fault-times.ts';

/**
 * What happened to faults: past events from the log, present ones as they come. Where several runtimes keep faults, those of
 * the first: each log has numbers of its own.
 */
export interface FaultLog {
  /** Up to `limit` events after the one with number `id`. Throws `service-unavailable`. */
  eventsAfter(id: number, limit: number, call: CallContext): Promise<FaultEventPage>;
  /** Calls `listener` with every event that comes. Gives a way to stop. */
  onEvent(listener: (event: FaultEvent) => void): () => void;
}

const READ_FAILED = 'Failed to get fault events';

/** The log of fault events of a gateway. */
export function createFaultLog(model: Model): FaultLog {
  const [manager] = faultManagers(model);
  return {
    eventsAfter: async (id, limit, call) => {
      if (!manager) throw noManager(READ_FAILED);
      try {
        return await manager.provider.eventsAfter(FAULT_MANAGER_ID, id, limit, call);
      } catch (error) {
        throw managerError(error, READ_FAILED);
      }
    },
    onEvent: (listener) =>
      model.events.on('fault.event', ({ runtime, event }) => {
        if (runtime === manager?.runtime) listener(event);
      }),
  };
}

/** The `data` of an event of the stream. */
export function faultStreamEvent(tree: EntityTree, event: FaultEvent): FaultStreamEvent {
  const { type, fault, timeNs, autoClearedCodes } = event;
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
