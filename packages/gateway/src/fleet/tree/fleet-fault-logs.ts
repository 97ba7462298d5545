import type { FaultListItem } from '@medkit/contract';
import {
  errorMessage,
  FAULT_STREAM_EVENT_TYPES,
  type FaultStreamEventType,
  fieldsOf,
  type JsonObject,
  type Log,
  type Model,
  type ObservedFault,
} from '@medkit/core';
import { type Clock, retryDelayMs } from '@medkit/edges';
import type { Fleet, FleetFaultEvent } from '@medkit/fleet';
import { stored } from '../../database/store-errors.ts';
import type { ObservedLogs } from '../../fault-stream/observed-logs.ts';
import type { EventLog } from '../../sse/event-log.ts';
import { FLEET } from './fleet-entities.ts';
import { hubItem, robotOrigin } from './fleet-faults.ts';

/** Events of one reading of the record. */
const PAGE = 500;
const RETRY = { firstMs: 1000, maxMs: 30_000 };
/** Uncertainty of a time above which it is stated: smaller ones are usual. */
const MAX_CERTAIN_MS = 60_000;

export interface FleetFaultLogsOptions {
  readonly fleet: Pick<Fleet, 'faultEvents' | 'onChange'>;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a robot is a peer, whose events the gateway follows. */
  readonly isPeer: (robot: string) => boolean;
}

/**
 * The fault events of all robots as one log with the numbers of the record, so that the position of a client stays
 * short. The record is read after each batch while a client follows them.
 */
export function fleetFaultLogs(options: FleetFaultLogsOptions): ObservedLogs {
  const { fleet, clock, log } = options;
  const listeners = new Set<(event: ObservedFault) => void>();
  /** The newest event that listeners received, or that precedes the first listener. */
  let newestId = 0;
  let known: Promise<void> | undefined;
  let stopListening: (() => void) | undefined;
  let isReading = false;
  let isChanged = false;
  let failures = 0;

  /** Resolves when the newest event before the first listener is known. A failure is not final. */
  const begun = (): Promise<void> => {
    known ??= stored(() => fleet.faultEvents.bounds()).then(
      (bounds) => {
        newestId = bounds.newestId;
      },
      (error: unknown) => {
        known = undefined;
        throw error;
      },
    );
    return known;
  };
  const readNew = async (): Promise<void> => {
    for (let page: readonly FleetFaultEvent[] = []; ; ) {
      page = await fleet.faultEvents.after(newestId, PAGE);
      if (page.length === 0 || listeners.size === 0) return;
      for (const event of page) {
        newestId = event.id;
        const observed = observedFault(options, event);
        if (observed) for (const listener of listeners) listener(observed);
      }
    }
  };
  const changed = async (): Promise<void> => {
    isChanged = true;
    if (isReading) return;
    isReading = true;
    while (isChanged && listeners.size > 0) {
      isChanged = false;
      try {
        await begun();
        await readNew();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1) log('warn', `new fault events of robots cannot be read: ${errorMessage(error)}`);
        clock.after(retryDelayMs(RETRY, failures), () => void changed());
        break;
      }
    }
    isReading = false;
  };
  const fleetLog: EventLog<ObservedFault> = {
    origin: FLEET,
    eventsAfter: async (id, limit) => {
      await begun();
      const { oldestId } = await stored(() => fleet.faultEvents.bounds());
      const events: ObservedFault[] = [];
      // Newer events arrive by listening: a reader that had them earlier would be ahead of it.
      for (let after = id; limit > 0 && events.length === 0 && after < newestId; ) {
        const page = await stored(() => fleet.faultEvents.after(after, limit));
        if (page.length === 0) break;
        after = page.at(-1)!.id;
        events.push(...page.flatMap((event) => (event.id <= newestId ? (observedFault(options, event) ?? []) : [])));
      }
      return { events, oldestId, newestId };
    },
    beforeLast: (count) => stored(() => fleet.faultEvents.beforeLast(count)),
  };
  return {
    logs: () => [fleetLog],
    listen: (onEvent) => {
      listeners.add(onEvent);
      if (!stopListening) {
        stopListening = fleet.onChange(({ topic }) => {
          if (topic === 'events') void changed();
        });
        // Each reader of the log receives the error.
        begun().catch(() => undefined);
      }
      return () => {
        listeners.delete(onEvent);
        if (listeners.size > 0) return;
        stopListening?.();
        stopListening = undefined;
        known = undefined;
      };
    },
  };
}

/** Returns the logs of peers and of the fleet together. */
export function withFleet(peers: ObservedLogs, fleet: ObservedLogs): ObservedLogs {
  return {
    logs: () => [...peers.logs(), ...fleet.logs()],
    listen: (...listener) => {
      const stops = [peers.listen(...listener), fleet.listen(...listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** Returns an event of a robot as an event of the hub; `undefined` if it is not one of a fault stream. */
function observedFault(
  { model: { tree }, isPeer }: Pick<FleetFaultLogsOptions, 'model' | 'isPeer'>,
  { id, robot, atMs, uncertainMs, body }: FleetFaultEvent,
): ObservedFault | undefined {
  const { event_type: type, fault, 'x-medkit-origin': behind, ...others } = body as JsonObject;
  const news = newsOf(type);
  if (isPeer(robot) || !fieldsOf(fault) || news.length === 0) return undefined;
  const origin = typeof behind === 'string' ? behind : undefined;
  const item = hubItem(tree, { robot, origin, fault: fault as unknown as FaultListItem });
  const { entity_id } = item;
  const event = {
    ...others,
    fault: item,
    timestamp: atMs / 1000,
    'x-medkit': {
      ...(entity_id !== undefined && { entity_type: 'components', entity_id }),
      ...(uncertainMs !== undefined && uncertainMs > MAX_CERTAIN_MS && { uncertain_ms: uncertainMs }),
    },
  };
  return {
    ...{ origin: FLEET, owner: robotOrigin(robot, origin), id, news, gateways: [] },
    timeNs: BigInt(Math.round(atMs)) * 1_000_000n,
    event: event as unknown as JsonObject,
  };
}

/** Returns the types under which an event is sent, as `streamEventTypes` does for events of this gateway. */
function newsOf(type: unknown): readonly FaultStreamEventType[] {
  if (type === 'fault_healed') return ['fault_healed', 'fault_cleared'];
  return FAULT_STREAM_EVENT_TYPES.filter((each) => each === type);
}
