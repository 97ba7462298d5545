import type { FaultFollower, ObservedFault } from '@medkit/core';
import { type FaultStreamRequest, faultStream, rateBound } from './fault-stream.ts';
import { type FollowedGateway, observedFault } from './observed-fault.ts';

/** Maximum stored events; ros2_medkit stores as many. */
const MAX_STORED = 100;
/** Events within this time after the start of a stream count as past events. */
const SETTLING_MS = 500;

export interface NumberedLogOptions extends Omit<FaultStreamRequest, 'lastId'> {
  /** Called with the last events whenever they change. */
  readonly keep: (events: readonly ObservedFault[]) => void;
}

/**
 * The log of a gateway that does not mark the end of past events and may restart its numbering, as ros2_medkit does.
 * With every connection it requests all events and compares them with the stored ones to detect new events.
 */
export class NumberedLog {
  readonly #options: NumberedLogOptions;
  readonly #follower: FaultFollower;
  #stored: readonly ObservedFault[] = [];
  #isBegun = false;

  constructor(options: NumberedLogOptions, follower: FaultFollower) {
    this.#options = options;
    this.#follower = follower;
  }

  /** Number of the last known event. */
  get lastId(): number {
    return this.#stored.at(-1)?.id ?? 0;
  }

  /** Follows one connection until it ends. Throws if it does not start or breaks. */
  async follow(followedGateway: FollowedGateway): Promise<void> {
    const { clock, signal } = this.#options;
    const bound = rateBound(clock);
    let past: ObservedFault[] | undefined = [];
    const timer = clock.after(SETTLING_MS, () => {
      this.#settle(followedGateway.name, past ?? []);
      past = undefined;
    });
    try {
      for await (const parts of faultStream({ ...this.#options, lastId: undefined })) {
        for (const part of parts) {
          const event = 'data' in part ? observedFault(part, followedGateway) : undefined;
          if (event?.origin !== followedGateway.name) continue;
          if (past) past = [...past, event].slice(-MAX_STORED);
          else this.#report(event);
          const rest = bound(signal);
          if (rest) await rest;
        }
      }
    } finally {
      timer.cancel();
    }
  }

  #settle(origin: string, past: readonly ObservedFault[]): void {
    if (this.#isBegun) this.#compare(origin, past);
    else this.#keep(past);
    this.#follower.onAvailable(new Map([[origin, this.lastId]]), this.#isBegun ? [] : [origin]);
    this.#isBegun = true;
  }

  /** Reports which past events are new: all of them, if they come from another run. */
  #compare(origin: string, past: readonly ObservedFault[]): void {
    const { lastId } = this;
    const times = new Map(this.#stored.map(({ id, timeNs }) => [id, timeNs]));
    const isOther = ({ id, timeNs }: ObservedFault): boolean => (times.get(id) ?? timeNs) !== timeNs;
    const isAnew = (past.at(-1)?.id ?? 0) < lastId || past.some(isOther);
    if (isAnew) this.#begin(origin);
    const news = past.filter(({ id }) => isAnew || id > lastId);
    const lost = (news[0]?.id ?? 0) - 1 - lastId;
    if (!isAnew && lastId > 0 && lost > 0) this.#follower.onLost(origin, lost);
    for (const event of news) this.#report(event);
  }

  #report(event: ObservedFault): void {
    if (event.id <= this.lastId) this.#begin(event.origin);
    this.#keep([...this.#stored, event].slice(-MAX_STORED));
    this.#follower.onEvent(event);
  }

  #begin(origin: string): void {
    this.#keep([]);
    this.#follower.onRestart(origin);
  }

  #keep(events: readonly ObservedFault[]): void {
    this.#stored = events;
    this.#options.keep(events);
  }
}
