import type { JsonObject } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';

/**
 * Delays after a confirmation until a fault is copied: early, since the robot may be switched off next, and again for
 * evidence that follows. Log windows and recordings end seconds after the fault.
 */
const AFTER_CONFIRMED_MS: readonly number[] = [200, 4800, 25_000];
/** The same for a fault that was just copied. */
const AFTER_CONFIRMED_ANEW_MS: readonly number[] = [2000, 4800, 25_000];
/** Delay after a further report, a healing or a clearing. */
const AFTER_UPDATED_MS: readonly number[] = [2000];
/** Maximum faults of a peer that wait to be copied; beyond this, its list is read a while later. */
const MAX_WAITING = 500;

/** A fault that is to be copied. */
interface Waiting {
  item: JsonObject;
  /** Remaining delays after this copy. */
  left: readonly number[];
  isCopied: boolean;
  timer: Timer;
}

/** The waiting faults of one peer. */
interface PeerQueue {
  readonly waiting: Map<string, Waiting>;
  /** Faults whose copy has begun or is next. */
  readonly due: Set<string>;
}

export interface CopyScheduleOptions {
  readonly clock: Clock;
  /** Queues the copy of a fault. When the copy begins, `begins` returns the latest state of the fault. */
  readonly copy: (peer: string, fault: { readonly begins: () => JsonObject }) => void;
  /** Called for a peer with too many waiting faults. */
  readonly onFull: (peer: string) => void;
}

/** When the faults of peers are copied after their events. */
export class CopySchedule {
  readonly #options: CopyScheduleOptions;
  readonly #queues = new Map<string, PeerQueue>();

  constructor(options: CopyScheduleOptions) {
    this.#options = options;
  }

  /** Schedules copies after an event. */
  afterEvent(peer: string, item: JsonObject, isConfirmed: boolean): void {
    const isAnew = this.#queues.get(peer)?.waiting.get(keyOf(item))?.isCopied === true;
    const afterConfirmed = isAnew ? AFTER_CONFIRMED_ANEW_MS : AFTER_CONFIRMED_MS;
    this.add(peer, item, isConfirmed ? afterConfirmed : AFTER_UPDATED_MS);
  }

  /** Schedules a copy after each of the delays. Repeated reports do not delay a copy further. */
  add(peer: string, item: JsonObject, [firstMs = 0, ...left]: readonly number[] = AFTER_CONFIRMED_MS): void {
    const queue = this.#queueOf(peer);
    const key = keyOf(item);
    const before = queue.waiting.get(key);
    if (before && left.length <= before.left.length) {
      before.item = item;
      return;
    }
    before?.timer.cancel();
    if (!before && queue.waiting.size + queue.due.size >= MAX_WAITING) {
      this.#options.onFull(peer);
      return;
    }
    const timer = this.#options.clock.after(firstMs, () => this.#due(peer, queue, key));
    queue.waiting.set(key, { item, left, isCopied: false, timer });
  }

  close(): void {
    for (const { waiting } of this.#queues.values()) for (const { timer } of waiting.values()) timer.cancel();
  }

  #due(peer: string, { waiting, due }: PeerQueue, key: string): void {
    const fault = waiting.get(key);
    if (!fault) return;
    fault.isCopied = true;
    const [nextMs, ...rest] = fault.left;
    if (nextMs === undefined) waiting.delete(key);
    else {
      fault.left = rest;
      fault.timer = this.#options.clock.after(nextMs, () => this.#due(peer, { waiting, due }, key));
    }
    // A queued copy will contain the latest state: one is enough.
    if (due.has(key)) return;
    due.add(key);
    this.#options.copy(peer, {
      begins: () => {
        due.delete(key);
        return fault.item;
      },
    });
  }

  #queueOf(peer: string): PeerQueue {
    let queue = this.#queues.get(peer);
    if (!queue) {
      queue = { waiting: new Map(), due: new Set() };
      this.#queues.set(peer, queue);
    }
    return queue;
  }
}

/** Returns the key of a fault on its gateway. */
function keyOf(item: JsonObject): string {
  return `${item['fault_code']} ${item['entity_id'] ?? ''}`;
}
