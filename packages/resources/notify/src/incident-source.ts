import type { Incident } from '@medkit/contract';

/** Where incidents come from, besides the events of the bus. */
export interface IncidentSource {
  /** All that are not closed, and those that healed or were closed at `sinceMs` (milliseconds since the epoch) or later. */
  recent(sinceMs: number): Promise<readonly Incident[]>;
  /** Notes that `by` has taken an incident on; gives it as it is then. Rejects with a `SovdError` where there is none. */
  acknowledge(id: string, by: string): Promise<Incident>;
}
