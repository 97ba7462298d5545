import type { Incident } from '@medkit/contract';
import type { DeliveryState } from './delivery-state/delivery-state.ts';

/** An incident with possibly pending notifications. */
export class TrackedIncident {
  readonly id: string;
  /** Current state; `undefined` if it was merged, or is not known yet after a start. */
  incident: Incident | undefined;
  /** The incident that this one was merged into. */
  into: string | undefined;
  isMerged = false;
  /** Milliseconds since the epoch. */
  openSinceMs = 0;
  /** By the monotonic clock: the fault that explains it may arrive until then. */
  settlesAtMs = 0;
  /** Whether it stayed open for the settle time. */
  isSettled = false;
  /** Whether the disk says that it is open; `undefined` if it is not stored. */
  storedOpen: boolean | undefined;
  /** Whether the receivers' state was loaded from disk. */
  isLoaded = false;
  /** What receivers know, by receiver name. */
  readonly deliveries = new Map<string, DeliveryState>();
  /** When a notification may be due without a new event, by the wall clock. */
  againMs: number | undefined;

  constructor(id: string) {
    this.id = id;
  }

  get isOpen(): boolean {
    return this.incident?.state === 'open';
  }

  /** No further notification unless it returns. */
  get isDone(): boolean {
    if (this.isOpen || !this.isLoaded) return false;
    return [...this.deliveries.values()].every(({ state }) => state === 'nothing' || state === 'over');
  }
}
