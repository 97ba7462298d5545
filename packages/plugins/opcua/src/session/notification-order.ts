import { MAX_REPUBLISHED } from './bounds.ts';

/** The last number of a notification; after it they begin with 1 again (OPC 10000-4, 5.14.1.1). */
const LAST_NUMBER = 0xffff_ffff;

/** A notification, or a sign of life, which has the number of the notification that comes next (OPC 10000-4, 5.14.5). */
export interface Numbered {
  readonly sequenceNumber: number;
  readonly isSignOfLife: boolean;
}

export interface NotificationOrderOptions<N extends Numbered> {
  readonly tell: (notification: N) => void;
  /** Asks the server for one again; undefined where it does not have it any more. Rejects where the session is lost. */
  readonly askAgain: (sequenceNumber: number) => Promise<N | undefined>;
  /** So many were neither told nor to be had again. */
  readonly onLost: (count: number) => void;
}

/**
 * The notifications of one subscription, told in the order of their numbers: one that was skipped is asked for again before
 * what came after it is told, or an old value would be told after a newer one.
 */
export class NotificationOrder<N extends Numbered> {
  readonly #options: NotificationOrderOptions<N>;
  #expected = 1;
  #turn: Promise<void> | undefined;
  /** Skipped ones that came by themselves while they were to be asked for. */
  readonly #late = new Map<number, N | undefined>();
  /** Skipped ones that are done with: one that still comes is not told, for newer ones were. */
  #settled: readonly number[] = [];

  constructor(options: NotificationOrderOptions<N>) {
    this.#options = options;
  }

  /** Takes what came. Gives undefined where it was told; else a promise that resolves once it was, or rejects with `askAgain`. */
  take(came: N): Promise<void> | undefined {
    const { sequenceNumber } = came;
    if (!came.isSignOfLife && this.#settled.includes(sequenceNumber)) return undefined;
    if (!came.isSignOfLife && this.#late.has(sequenceNumber)) {
      this.#late.set(sequenceNumber, came);
      return undefined;
    }
    if (this.#turn === undefined && this.#skippedBefore(sequenceNumber) <= 0) {
      this.#tell(came);
      return undefined;
    }
    const turn = this.#turn === undefined ? this.#tellInOrder(came) : this.#turn.then(() => this.#tellInOrder(came));
    this.#turn = turn;
    const isOver = () => {
      if (this.#turn === turn) this.#turn = undefined;
    };
    turn.then(isOver, isOver);
    return turn;
  }

  async #tellInOrder(came: N): Promise<void> {
    const skipped = this.#skippedBefore(came.sequenceNumber);
    if (skipped > MAX_REPUBLISHED) this.#options.onLost(skipped);
    else if (skipped > 0) await this.#recover(skipped);
    this.#tell(came);
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
        if (found) this.#options.tell(found);
        else lost++;
      }
    } finally {
      this.#late.clear();
    }
    if (lost > 0) this.#options.onLost(lost);
  }

  #tell(came: N): void {
    const { sequenceNumber, isSignOfLife } = came;
    const skipped = this.#skippedBefore(sequenceNumber);
    // A server that counts anew, or not at all, is followed.
    if (skipped < 0 && !isSignOfLife) this.#settled = [];
    if (!isSignOfLife) this.#expected = after(sequenceNumber);
    else if (skipped > 0) this.#expected = sequenceNumber;
    this.#options.tell(came);
  }

  /** How many numbers are between what is expected and this one; negative for one that has been. */
  #skippedBefore(number: number): number {
    const ahead = (number - this.#expected + LAST_NUMBER) % LAST_NUMBER;
    return ahead < LAST_NUMBER / 2 ? ahead : ahead - LAST_NUMBER;
  }
}

const after = (number: number): number => (number >= LAST_NUMBER ? 1 : number + 1);
