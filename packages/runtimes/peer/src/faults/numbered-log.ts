import type { FaultFollower, ObservedFault } from '@medkit/core';
import { type FaultStreamRequest, faultStream, rateBound } from './fault-stream.ts';
import { observedFault, type Teller } from './observed-fault.ts';

/** Events that are known of it: ros2_medkit keeps as many. */
const MAX_KEPT = 100;
/** How long after its begin what a stream tells is the past. */
const SETTLING_MS = 500;

export interface NumberedLogOptions extends Omit<FaultStreamRequest, 'lastId'> {
  /** Hears of the last events whenever there are others. */
  readonly keep: (events: readonly ObservedFault[]) => void;
}

/**
 * The log of a gateway that does not say where its past ends, and may number its events anew in each run, as ros2_medkit does. It
 * is asked for all that it has with every connection, and compared with what is known: by that it shows what is new.
 */
export class NumberedLog {
  readonly #options: NumberedLogOptions;
  readonly #follower: FaultFollower;
  #kept: readonly ObservedFault[] = [];
  #isBegun = false;

  constructor(options: NumberedLogOptions, follower: FaultFollower) {
    this.#options = options;
    this.#follower = follower;
  }

  /** Number of the last event that is known. */
  get lastId(): number {
    return this.#kept.at(-1)?.id ?? 0;
  }

  /** Follows one connection until it ends. Throws where it does not begin, or breaks. */
  async follow(teller: Teller): Promise<void> {
    const { clock, signal } = this.#options;
    const bound = rateBound(clock);
    let past: ObservedFault[] | undefined = [];
    const timer = clock.after(SETTLING_MS, () => {
      this.#settle(teller.name, past ?? []);
      past = undefined;
    });
    try {
      for await (const parts of faultStream({ ...this.#options, lastId: undefined })) {
        for (const part of parts) {
          const event = 'data' in part ? observedFault(part, teller) : undefined;
          if (event?.origin !== teller.name) continue;
          if (past) past = [...past, event].slice(-MAX_KEPT);
          else this.#tell(event);
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
    this.#follower.onThere(new Map([[origin, this.lastId]]), this.#isBegun ? [] : [origin]);
    this.#isBegun = true;
  }

  /** Tells what of the past is new: all of it, where it is that of another run. */
  #compare(origin: string, past: readonly ObservedFault[]): void {
    const { lastId } = this;
    const times = new Map(this.#kept.map(({ id, timeNs }) => [id, timeNs]));
    const isOther = ({ id, timeNs }: ObservedFault): boolean => (times.get(id) ?? timeNs) !== timeNs;
    const isAnew = (past.at(-1)?.id ?? 0) < lastId || past.some(isOther);
    if (isAnew) this.#begin(origin);
    const news = past.filter(({ id }) => isAnew || id > lastId);
    const lost = (news[0]?.id ?? 0) - 1 - lastId;
    if (!isAnew && lastId > 0 && lost > 0) this.#follower.onLost(origin, lost);
    for (const event of news) this.#tell(event);
  }

  #tell(event: ObservedFault): void {
    if (event.id <= this.lastId) this.#begin(event.origin);
    this.#keep([...this.#kept, event].slice(-MAX_KEPT));
    this.#follower.onEvent(event);
  }

  #begin(origin: string): void {
    this.#keep([]);
    this.#follower.onRestart(origin);
  }

  #keep(events: readonly ObservedFault[]): void {
    this.#kept = events;
    this.#options.keep(events);
  }
}
