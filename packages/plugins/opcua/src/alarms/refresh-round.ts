import type { Condition } from './condition.ts';

/**
 * One refresh of conditions (OPC 10000-9, 5.5.7): a server tells again of each condition that it retains, and it retains
 * all that are active and all that somebody has to acknowledge. So what was open before, and is not told of until the
 * refresh ends, is over. It does not hold for a notifier that was not asked, nor for one whose queue ran over meanwhile:
 * what it would have told of was lost.
 */
export class RefreshRound {
  /** Conditions that were open as it began and have not been told of, with their notifiers. */
  #pending = new Map<string, string>();

  begin(notifiers: readonly string[], open: Iterable<Condition>): void {
    const asked = new Set(notifiers);
    this.#pending = new Map(
      [...open].filter(({ notifier }) => asked.has(notifier)).map(({ id, notifier }) => [id, notifier]),
    );
  }

  told(conditionId: string): void {
    this.#pending.delete(conditionId);
  }

  /** Events of a notifier were lost: nothing follows from what it does not tell. */
  forgetNotifier(notifier: string): void {
    for (const [id, of] of this.#pending) if (of === notifier) this.#pending.delete(id);
  }

  /** Ends it. Gives the conditions that were not told of. */
  end(): readonly string[] {
    const missing = [...this.#pending.keys()];
    this.#pending = new Map();
    return missing;
  }
}
