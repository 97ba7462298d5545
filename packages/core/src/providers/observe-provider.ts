import type { Origin } from '../entity/entity.ts';
import type { FaultStreamEventType } from '../faults/fault-event.ts';
import type { JsonObject } from '../json/json-object.ts';
import type { Awaitable, CallContext } from './call-context.ts';
import type { DataWatch } from './data-provider.ts';

/** A fault event of another gateway, as that gateway reported it. */
export interface ObservedFault {
  /** The gateway whose log contains the event: `yard`, or `yard/crane` for a gateway seen through `yard`. */
  readonly origin: Origin;
  /** The gateway that has the fault, if the log is a record of several gateways. */
  readonly owner?: Origin;
  /** Number of the event in that log. */
  readonly id: number;
  /** Time of the event by the clock of that gateway, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** The types under which it is sent, in this order. */
  readonly news: readonly FaultStreamEventType[];
  /** The event as the gateway reported it, with entity ids of that gateway. */
  readonly event: JsonObject;
  /** Ids of the gateway instances that the event has passed, starting with the owner of the fault. */
  readonly gateways: readonly string[];
}

/** Receives the fault events of another gateway. */
export interface FaultFollower {
  /** Called for every event. Events of one log arrive in the order of their numbers. */
  onEvent(event: ObservedFault): void;
  /**
   * Called when the connection is established. Events up to the numbers in `newest` were delivered, or precede the
   * subscription. `found` lists logs that appear for the first time.
   */
  onAvailable(newest: ReadonlyMap<Origin, number>, found: readonly Origin[]): void;
  /**
   * Called when the connection fails or is lost. After a reconnection, every event that the gateway still stores is
   * delivered.
   */
  onUnavailable(): void;
  /** Called if the `count` events before the next one are lost because the gateway no longer stores them. */
  onLost(origin: Origin, count: number): void;
  /** Called when a log starts again at 1: the gateway may have been replaced by another one. */
  onRestart(origin: Origin): void;
}

/** Observes the faults of another gateway. */
export interface ObserveProvider {
  /** Delivers fault events from now on, across disconnections and restarts, until the watch is closed. */
  follow(nativeId: string, follower: FaultFollower, call: CallContext): Awaitable<DataWatch>;
  /**
   * Returns up to `limit` stored events of one log after the event with number `id`. The log must have been reported to
   * the follower.
   */
  faultsAfter(
    nativeId: string,
    origin: Origin,
    id: number,
    limit: number,
    call: CallContext,
  ): Awaitable<readonly ObservedFault[]>;
}
