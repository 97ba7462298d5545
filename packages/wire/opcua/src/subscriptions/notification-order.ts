import { MAX_REPUBLISHED } from '../bounds.ts';

/** The last sequence number of notifications; the next one is 1 (OPC 10000-4, 5.14.1.1). */
const LAST_NUMBER = 0xffff_ffff;

/** A notification or a keep-alive message; the latter has the number of the next notification (OPC 10000-4, 5.14.5). */
export interface Numbered {
  readonly sequenceNumber: number;
  readonly isSignOfLife: boolean;
}

export interface NotificationOrderOptions<N extends Numbered> {
  readonly deliver: (notification: N) => void;
  /**
   * Requests a notification again; resolves with `undefined` if the server does not have it any more. Rejects if the
   * session is lost.
   */
  readonly askAgain: (sequenceNumber: number) => Promise<N | undefined>;
  /** Called with the number of notifications that were lost. */
  readonly onLost: (count: number) => void;
}

/**
 * Delivers the notifications of a subscription in the order of their numbers. A skipped one is requested again before
 * later ones are delivered; otherwise an old value would be delivered after a newer one.
 */
export class NotificationOrder<N extends Numbered> {
  readonly #options: NotificationOrderOptions<N>;
  #expected = 1;
  #turn: Promise<void> | undefined;
  /** Skipped notifications that arrived before they were requested. */
  readonly #late = new Map<number, N | undefined>();
  /**
   * Skipped notifications that are finished: if one still arrives, it is ignored, because newer ones were delivered.
   */
  #settled: readonly number[] = [];

  constructor(options: NotificationOrderOptions<N>) {
    this.#options = options;
  }

  /**
   * Processes a notification. Returns `undefined` if it was delivered; otherwise a promise that resolves after
   * delivery, or rejects as `askAgain`.
   */
  take(came: N): Promise<void> | undefined {
    const { sequenceNumber } = came;
    if (!came.isSignOfLife && this.#settled.includes(sequenceNumber)) return undefined;
    if (!came.isSignOfLife && this.#late.has(sequenceNumber)) {
      this.#late.set(sequenceNumber, came);
      return undefined;
    }
    if (this.#turn === undefined && this.#skippedBefore(sequenceNumber) <= 0) {
      this.#deliver(came);
      return undefined;
    }
    const turn =
      this.#turn === undefined ? this.#deliverInOrder(came) : this.#turn.then(() => this.#deliverInOrder(came));
    this.#turn = turn;
    const isOver = () => {
      if (this.#turn === turn) this.#turn = undefined;
    };
    turn.then(isOver, isOver);
    return turn;
  }

  async #deliverInOrder(came: N): Promise<void> {
    const skipped = this.#skippedBefore(came.sequenceNumber);
    if (skipped > MAX_REPUBLISHED) this.#options.onLost(skipped);
    else if (skipped > 0) await this.#recover(skipped);
    this.#deliver(came);
  }

  async #recover(count: number): Promise<void> {
    const numbers: number[] = [];
    for (let number = this.#expected; numbers.length < count; number = after(number)) numbers.push(number);
    for (const number of numbers) this.#late.set(number, undefined);
    let lost = 0;
    try {
      for (const number of numbers) {
        const found = this.#late.get(number) ?? (await this.#options.askAgain(number)) ?? this.#late.get(number);
        this.#late.delete(number);
        this.#settled = [...this.#settled, number].slice(-MAX_REPUBLISHED);
        if (found) this.#options.deliver(found);
        else lost++;
      }
    } finally {
      this.#late.clear();
    }
    if (lost > 0) this.#options.onLost(lost);
  }

  #deliver(came: N): void {
    const { sequenceNumber, isSignOfLife } = came;
    const skipped = this.#skippedBefore(sequenceNumber);
    // Follows a server that restarts its numbering or does not number.
    if (skipped < 0 && !isSignOfLife) this.#settled = [];
    if (!isSignOfLife) this.#expected = after(sequenceNumber);
    else if (skipped > 0) this.#expected = sequenceNumber;
    this.#options.deliver(came);
  }

  /** Returns how many numbers lie between the expected one and this one; negative for past numbers. */
  #skippedBefore(number: number): number {
    const ahead = (number - this.#expected + LAST_NUMBER) % LAST_NUMBER;
    return ahead < LAST_NUMBER / 2 ? ahead : ahead - LAST_NUMBER;
  }
}

const after = (number: number): number => (number >= LAST_NUMBER ? 1 : number + 1);
