import type { Clock } from '@medkit/edges';
import type { Parameter, ParameterSetResult, ParameterValue } from '@medkit/ros2';
import { sameValue } from './parameter-equality.ts';

/**
 * How long after a request a node that has not answered may report the change: it may have applied it without
 * answering.
 */
const UNANSWERED_MS = 30_000;
/** The same after the node has answered. */
const ANSWERED_MS = 2000;
/** Maximum parameters whose change event is pending. */
const MAX_WAITING = 1000;

interface GatewayWrite {
  readonly node: string;
  readonly name: string;
  readonly value: ParameterValue;
  untilMs: number;
}

/** Parameters that this gateway sets. Recognizes the node's change event, which arrives before or after the answer. */
export class GatewayWrites {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #waiting: GatewayWrite[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /**
   * Call before setting parameters. The returned function takes the node's results, if it answers, and returns the
   * parameters that were set and whose change event has not arrived.
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

  /** Returns `true` once for a change that this gateway made. */
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
