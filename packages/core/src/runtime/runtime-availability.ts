import type { Clock } from '@medkit/edges';
import { type CallOutcome, Circuit } from './circuit.ts';

/** Maximum number of unresponsive entities that are remembered. */
const MAX_MUTE_OWNERS = 1000;

/**
 * Detects whether a runtime at another gateway responds at all. While it does not, calls fail immediately, except for
 * an occasional trial call. A single unresponsive entity does not count against the runtime while others answer.
 */
export class RuntimeAvailability {
  readonly #clock: Clock;
  readonly #circuit: Circuit;
  /** Entities that have not answered since the last answer of the runtime. */
  readonly #mute = new Set<string>();
  #heardMs = Number.NEGATIVE_INFINITY;
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
    if (leftMs === 0 || !this.#mayTryAnother || this.#mute.has(owner)) return leftMs;
    this.#mayTryAnother = false;
    return 0;
  }

  /** Records the outcome of a call for `owner` that began at `beganMs` of the monotonic clock. */
  end(owner: string, outcome: CallOutcome, beganMs: number): void {
    if (outcome === 'answered') {
      this.heard();
      return;
    }
    // If the runtime answered another call since this one began, it is available.
    const isSilent = outcome === 'failed' && beganMs > this.#heardMs;
    if (isSilent && this.#mute.size < MAX_MUTE_OWNERS) this.#mute.add(owner);
    this.#circuit.end(isSilent ? 'failed' : 'abandoned', beganMs);
  }

  /** Records a sign of life: an answer, or a notification of the runtime. */
  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
    this.#mayTryAnother = true;
    if (this.#mute.size > 0) this.#mute.clear();
    this.#circuit.end('answered', this.#heardMs);
  }
}
