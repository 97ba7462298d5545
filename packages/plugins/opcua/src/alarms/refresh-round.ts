import type { Condition } from './condition.ts';

/**
 * One refresh of conditions (OPC 10000-9, 5.5.7). A server reports each retained condition again: all that are active
 * or need an acknowledgement. A condition that was open before and is not reported until the refresh ends is therefore
 * over. This does not hold for notifiers that were not asked or whose queue overflowed during the refresh: their
 * reports may be lost.
 */
export class RefreshRound {
  /** Conditions that were open at the start and are not reported yet, with their notifiers. */
  #pending = new Map<string, string>();

  begin(notifiers: readonly string[], open: Iterable<Condition>): void {
    const refreshed = new Set(notifiers);
    this.#pending = new Map(
      [...open].filter(({ notifier }) => refreshed.has(notifier)).map(({ id, notifier }) => [id, notifier]),
    );
  }

  reported(conditionId: string): void {
    this.#pending.delete(conditionId);
  }

  /** Events of this notifier were lost: conditions that it does not report stay open. */
  forgetNotifier(notifier: string): void {
    for (const [id, of] of this.#pending) if (of === notifier) this.#pending.delete(id);
  }

  /** Ends the refresh. Returns the conditions that were not reported. */
  end(): readonly string[] {
    const missing = [...this.#pending.keys()];
    this.#pending = new Map();
    return missing;
  }
}
