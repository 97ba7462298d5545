import type { Clock } from '@medkit/edges';
import { InstallFailed } from './install-failed.ts';

/** Reports new faults. */
export interface FaultWatch {
  /**
   * Calls `onFault` with the code of every newly confirmed fault of these entities (empty: of all). With `sinceMs`,
   * wall-clock milliseconds, also with faults confirmed since then. Returns a function that stops it.
   */
  watch(
    scope: { readonly entities: readonly string[]; readonly sinceMs?: number },
    onFault: (faultCode: string) => void,
  ): () => void;
}

export interface InstallGateOptions {
  readonly clock: Clock;
  readonly faults: FaultWatch;
  readonly scope: Parameters<FaultWatch['watch']>[0];
}

/** Maximum fault codes in a message. */
const MAX_CODES = 20;

/** Watches the robot from its construction to `close()`. The first new fault fails the installation. */
export class InstallGate {
  readonly #clock: Clock;
  readonly #stop: () => void;
  readonly #fault = Promise.withResolvers<void>();
  readonly #codes = new Set<string>();

  constructor({ clock, faults, scope }: InstallGateOptions) {
    this.#clock = clock;
    this.#stop = faults.watch(scope, (code) => {
      if (this.#codes.size < MAX_CODES) this.#codes.add(code);
      this.#fault.resolve();
    });
  }

  /**
   * Resolves when this time has passed without a fault. Throws `InstallFailed` for the first fault since the
   * construction, and if `signal` is aborted.
   */
  async pass(periodMs: number, signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>();
    const end = () => over.resolve();
    const timer = this.#clock.after(periodMs, end);
    signal.addEventListener('abort', end, { once: true });
    try {
      if (!signal.aborted) await Promise.race([this.#fault.promise, over.promise]);
    } finally {
      timer.cancel();
      signal.removeEventListener('abort', end);
    }
    if (this.#codes.size > 0) throw this.#failure();
    if (signal.aborted) throw new InstallFailed({ reason: 'not-in-time', message: 'it did not end in time' });
  }

  close(): void {
    this.#stop();
  }

  #failure(): InstallFailed {
    const faultCodes = [...this.#codes];
    const message = `${faultCodes.length > 1 ? 'faults' : 'fault'} ${faultCodes.join(', ')} ${faultCodes.length > 1 ? 'were' : 'was'} confirmed`;
    return new InstallFailed({ reason: 'fault', message, faultCodes });
  }
}
