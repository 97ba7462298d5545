import type { Incident } from '@medkit/contract';

/** Provides incidents, in addition to the events of the bus. */
export interface IncidentSource {
  /**
   * Returns all incidents that are not closed, and those that healed or were closed at `sinceMs` (milliseconds since
   * the epoch) or later.
   */
  recent(sinceMs: number): Promise<readonly Incident[]>;
  /**
   * Acknowledges an incident on behalf of `by` and returns its new state. Rejects with a `SovdError` if it does not
   * exist.
   */
  acknowledge(id: string, by: string): Promise<Incident>;
}
