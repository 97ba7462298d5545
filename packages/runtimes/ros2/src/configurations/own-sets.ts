import type { Clock } from '@medkit/edges';
import type { Parameter, ParameterSetResult, ParameterValue } from '@medkit/ros2';
import { sameValue } from './same-value.ts';

/** How long after it was asked a node may tell of what it was asked to set: it may have done so and never answered. */
const UNANSWERED_MS = 30_000;
/** How long after its answer. */
const ANSWERED_MS = 2000;
/** Parameters that are waited for at a time. */
const MAX_WAITING = 1000;

interface OwnSet {
  readonly node: string;
  readonly name: string;
  readonly value: ParameterValue;
  untilMs: number;
}

/** What this gateway sets itself, so that it is known again when the node tells of it: that comes before or after the answer. */
export class OwnSets {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #waiting: OwnSet[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /**
   * To be called before parameters are set. What it gives is to be called with what the node answered, if it does, and gives those that
   * are set and of which the node has not told yet.
   */
  begin(
    node: string,
    parameters: readonly Parameter[],
  ): (results: readonly ParameterSetResult[]) => readonly Parameter[] {
    const nowMs = this.#clock.monotonicMs();
    const begun = parameters.map(({ name, value }) => ({ node, name, value, untilMs: nowMs + UNANSWERED_MS }));
    this.#waiting = [...this.#waiting.filter(({ untilMs }) => untilMs > nowMs), ...begun].slice(-MAX_WAITING);
    return (results) => {
      const answeredMs = this.#clock.monotonicMs();
      for (const [at, set] of begun.entries()) {
        set.untilMs = results[at]?.successful ? answeredMs + ANSWERED_MS : answeredMs;
      }
      return begun.filter((set, at) => results[at]?.successful && this.#waiting.includes(set));
    };
  }

  /** True for a change that was begun here. It is so once. */
  take(node: string, name: string, value: ParameterValue): boolean {
    if (this.#waiting.length === 0) return false;
    const nowMs = this.#clock.monotonicMs();
    const at = this.#waiting.findIndex(
      (set) => set.node === node && set.name === name && set.untilMs > nowMs && sameValue(set.value, value),
    );
    if (at === -1) return false;
    this.#waiting.splice(at, 1);
    return true;
  }
}
