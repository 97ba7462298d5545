import type { Clock } from '@medkit/edges';
import { InstallFailed } from './install-failed.ts';
import type { Confirmation } from './install-record.ts';

/**
 * Interval at which the journal records how long an update has waited. A gateway that restarts counts one interval for
 * the time that it may have missed, so a gateway that restarts again and again does not wait forever.
 */
const RECORD_PERIOD_MS = 60_000;

export interface ConfirmationWaitOptions {
  readonly clock: Clock;
  readonly confirmation: Confirmation;
  /** Writes the time waited to the journal. */
  readonly record: (confirmation: Confirmation) => Promise<void>;
}

/** The wait for the confirmation of an update that has passed its gate. */
export class ConfirmationWait {
  readonly #options: ConfirmationWaitOptions;
  readonly #sinceMs: number;
  readonly #confirmed = Promise.withResolvers<void>();

  constructor(options: ConfirmationWaitOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.monotonicMs();
  }

  /** Time left for the confirmation, milliseconds. */
  get remainingMs(): number {
    return Math.max(0, this.#options.confirmation.withinMs - this.#waitedMs());
  }

  confirm(): void {
    this.#confirmed.resolve();
  }

  /** Resolves when the update is confirmed. Throws `InstallFailed` when its time has passed, or `signal` is aborted. */
  async pass(signal: AbortSignal): Promise<void> {
    const { clock, confirmation, record } = this.#options;
    const over = Promise.withResolvers<'late' | 'aborted'>();
    const abort = () => over.resolve('aborted');
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const end = clock.after(this.remainingMs, () => over.resolve('late'));
    const recording = clock.every(RECORD_PERIOD_MS, () => {
      void record({ ...confirmation, waitedMs: this.#waitedMs() });
    });
    try {
      const outcome = await Promise.race([this.#confirmed.promise, over.promise]);
      if (outcome === 'aborted') throw new InstallFailed({ reason: 'not-in-time', message: 'it did not end in time' });
      if (outcome === 'late') throw unconfirmed(confirmation);
    } finally {
      end.cancel();
      recording.cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  #waitedMs(): number {
    const { clock, confirmation } = this.#options;
    return confirmation.waitedMs + clock.monotonicMs() - this.#sinceMs;
  }
}

/**
 * Returns the wait as it continues after a restart. The clock of a robot may be wrong after a start, so the wall clock
 * can only shorten the wait.
 */
export function continuedConfirmation(confirmation: Confirmation, wallMs: number): Confirmation {
  const { waitedMs, sinceMs = wallMs } = confirmation;
  return { ...confirmation, waitedMs: Math.max(waitedMs + RECORD_PERIOD_MS, wallMs - sinceMs) };
}

function unconfirmed({ withinMs }: Confirmation): InstallFailed {
  return new InstallFailed({ reason: 'unconfirmed', message: `it was not confirmed within ${withinMs / 1000} s` });
}
