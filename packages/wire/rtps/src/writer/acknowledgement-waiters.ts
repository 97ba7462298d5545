import type { Agenda, Alarm } from '../agenda.ts';

interface Waiter {
  readonly target: number;
  readonly resolve: (acknowledged: boolean) => void;
  readonly alarm: Alarm;
}

/** Callers that wait until every reader has acknowledged a sequence number. */
export class AcknowledgementWaiters {
  readonly #agenda: Agenda;
  readonly #waiters = new Set<Waiter>();

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  wait(target: number, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const alarm = this.#agenda.alarm(() => this.#settle(waiter, false));
      const waiter: Waiter = { target, resolve, alarm };
      this.#waiters.add(waiter);
      alarm.set(timeoutMs);
    });
  }

  /** Every reader has acknowledged up to `lowest`. */
  acknowledged(lowest: number): void {
    for (const waiter of this.#waiters) if (waiter.target <= lowest) this.#settle(waiter, true);
  }

  /** Resolves all waiters to false, because no acknowledgement can arrive any more. */
  close(): void {
    for (const waiter of this.#waiters) this.#settle(waiter, false);
  }

  #settle(waiter: Waiter, acknowledged: boolean): void {
    this.#waiters.delete(waiter);
    waiter.alarm.cancel();
    waiter.resolve(acknowledged);
  }
}
