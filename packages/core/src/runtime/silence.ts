import type { Clock } from '@medkit/edges';
import { type CallOutcome, Circuit } from './circuit.ts';

/** Owners that are remembered of those that did not answer. */
const MAX_MUTE_OWNERS = 1000;

/**
 * Whether a runtime at another gateway is heard of at all. While it is not, nobody waits for it: one call now and then tries.
 * An owner of it that is mute while others answer says nothing against it.
 */
export class Silence {
  readonly #clock: Clock;
  readonly #circuit: Circuit;
  /** Owners that did not answer since somebody did. */
  readonly #mute = new Set<string>();
  #heardMs = Number.NEGATIVE_INFINITY;
  /** Whether an owner that was not among those who failed may be asked at once: it may be that only they are mute. */
  #mayTryAnother = true;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
    this.#circuit = new Circuit({ clock });
  }

  /** Since when nothing was heard of it, wall clock milliseconds; `undefined` while it is taken to be there. */
  get sinceMs(): number | undefined {
    return this.#circuit.isOpen ? this.#circuit.failedSinceMs : undefined;
  }

  /** Milliseconds until it is asked again, or 0 where a call for `owner` may go ahead. */
  begin(owner: string): number {
    const leftMs = this.#circuit.begin();
    if (leftMs === 0 || !this.#mayTryAnother || this.#mute.has(owner)) return leftMs;
    this.#mayTryAnother = false;
    return 0;
  }

  /** How a call for `owner` ended that had begun at `beganMs` of the monotonic clock. */
  end(owner: string, outcome: CallOutcome, beganMs: number): void {
    if (outcome === 'answered') {
      this.heard();
      return;
    }
    // What answered somebody else meanwhile is there.
    const isSilent = outcome === 'failed' && beganMs > this.#heardMs;
    if (isSilent && this.#mute.size < MAX_MUTE_OWNERS) this.#mute.add(owner);
    this.#circuit.end(isSilent ? 'failed' : 'abandoned', beganMs);
  }

  /** It answered, or said something by itself. */
  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
    this.#mayTryAnother = true;
    if (this.#mute.size > 0) this.#mute.clear();
    this.#circuit.end('answered', this.#heardMs);
  }
}
