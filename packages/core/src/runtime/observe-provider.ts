import type { Origin } from '../entity/entity.ts';
import type { FaultNews } from '../faults/fault-event.ts';
import type { Awaitable, CallContext } from './call-context.ts';
import type { DataWatch, JsonObject } from './data-provider.ts';

/** What happened to a fault at another gateway, as that told it. */
export interface ObservedFault {
  /** The gateway whose log has it: `yard`, or `yard/crane` for one that is shown by way of `yard`. */
  readonly origin: Origin;
  /** Its number in that log. */
  readonly id: number;
  /** When it happened by the clock of that gateway, nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  /** What it is told as, in this order. */
  readonly news: readonly FaultNews[];
  /** The event as the gateway told it, with the ids that entities have there. */
  readonly told: JsonObject;
  /** The instances of gateways that it has passed, that whose fault it is first. */
  readonly gateways: readonly string[];
}

/** Hears what another gateway tells. */
export interface FaultFollower {
  /** Those of one log in the order of their numbers. */
  onEvent(event: ObservedFault): void;
  /**
   * There is a connection, and everything up to these numbers was told, or lies before what is followed; `found` are logs of
   * which nothing was known before.
   */
  onThere(newest: ReadonlyMap<Origin, number>, found: readonly Origin[]): void;
  /** There is none, or none any more; where the gateway comes back nothing will be missing that it still keeps. */
  onAway(): void;
  /** So many events before the next are lost: the gateway keeps them no longer. */
  onLost(origin: Origin, count: number): void;
  /** A log has begun anew at 1: another gateway may have taken the place of the one before. */
  onRestart(origin: Origin): void;
}

/** What happens at another gateway. */
export interface ObserveProvider {
  /** Tells what happens to faults there from now on, over all cuts and restarts, until the watch is closed. */
  follow(nativeId: string, follower: FaultFollower, call: CallContext): Awaitable<DataWatch>;
  /** Up to `limit` past events of one log, which was told of, behind the one with number `id`. */
  faultsAfter(
    nativeId: string,
    origin: Origin,
    id: number,
    limit: number,
    call: CallContext,
  ): Awaitable<readonly ObservedFault[]>;
}
