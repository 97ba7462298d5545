import type { Clock } from '@medkit/edges';
import { type CallOutcome, Circuit } from './circuit.ts';

/** Maximum number of unresponsive entities that are remembered. */
const MAX_UNRESPONSIVE_OWNERS = 1000;

/**
 * Detects whether a runtime at another gateway responds at all. While it does not, calls fail immediately, except for
 * an occasional trial call. A single unresponsive entity does not count against the runtime while others answer.
 */
export class RuntimeAvailability {
  readonly #clock: Clock;
  readonly #circuit: Circuit;
  /** Entities that have not answered since the last answer of the runtime. */
  readonly #unresponsive = new Set<string>();
  #respondedMs = Number.NEGATIVE_INFINITY;
  /**
   * Whether a call for an entity that has not failed may proceed. Perhaps only the entities that failed are
   * unresponsive.
   */
  #mayTryAnother = true;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
    this.#circuit = new Circuit({ clock });
  }

  /**
   * Since when the runtime has not responded, in wall-clock milliseconds; `undefined` while it is considered available.
   */
  get sinceMs(): number | undefined {
    return this.#circuit.isOpen ? this.#circuit.failedSinceMs : undefined;
  }

  /** Starts a call for `owner`. Returns 0 if it may proceed, otherwise the milliseconds until the next trial call. */
  begin(owner: string): number {
    const leftMs = this.#circuit.begin();
    if (leftMs === 0 || !this.#mayTryAnother || this.#unresponsive.has(owner)) return leftMs;
    this.#mayTryAnother = false;
    return 0;
  }

  /** Records the outcome of a call for `owner` that began at `beganMs` of the monotonic clock. */
  end(owner: string, outcome: CallOutcome, beganMs: number): void {
    if (outcome === 'answered') {
      this.markResponding();
      return;
    }
    // If the runtime answered another call since this one began, it is available.
    const isUnresponsive = outcome === 'failed' && beganMs > this.#respondedMs;
    if (isUnresponsive && this.#unresponsive.size < MAX_UNRESPONSIVE_OWNERS) this.#unresponsive.add(owner);
    this.#circuit.end(isUnresponsive ? 'failed' : 'abandoned', beganMs);
  }

  /** Records a sign of life: an answer, or a notification of the runtime. */
  markResponding(): void {
    this.#respondedMs = this.#clock.monotonicMs();
    this.#mayTryAnother = true;
    if (this.#unresponsive.size > 0) this.#unresponsive.clear();
    this.#circuit.end('answered', this.#respondedMs);
  }
}
