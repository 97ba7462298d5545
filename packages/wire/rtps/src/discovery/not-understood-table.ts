import type { GuidPrefix } from '../model/guid.ts';
import type { NotUnderstood, NotUnderstoodReason } from '../model/not-understood.ts';
import { vendorName } from '../wire/protocol.ts';

/**
 * Maximum rows, enough to diagnose a network. Sources can be forged, so the source with the oldest announcement is
 * evicted first.
 */
export const MAX_NOT_UNDERSTOOD = 64;

/** Retention of a row: longer than the announcement interval of any running participant. */
const RETENTION_MS = 5 * 60_000;

interface Row extends Omit<NotUnderstood, 'lastReceivedAgoMs'> {
  readonly lastReceivedMs: number;
}

/** One rejected announcement. */
export interface RejectedAnnouncement {
  readonly guidPrefix: GuidPrefix | undefined;
  readonly address: string;
  readonly vendor: number;
  readonly reason: NotUnderstoodReason;
  readonly monotonicMs: number;
}

/** Participants that were received but cannot be used, by GUID prefix, or by address if the prefix is unknown. */
export class NotUnderstoodTable {
  /** Ordered by latest announcement, oldest first. */
  readonly #rows = new Map<string, Row>();

  /**
   * Records the announcement. Each source has one row, with the latest reason and its number of consecutive
   * occurrences.
   */
  note({ guidPrefix, address, vendor, reason, monotonicMs }: RejectedAnnouncement): void {
    const key = guidPrefix ?? address;
    const before = this.#rows.get(key);
    const count = before?.reason === reason ? before.count + 1 : 1;
    this.#rows.delete(key);
    this.#rows.set(key, {
      guidPrefix,
      address,
      vendorId: vendorName(vendor),
      reason,
      count,
      lastReceivedMs: monotonicMs,
    });
    if (this.#rows.size > MAX_NOT_UNDERSTOOD)
      for (const oldest of this.#rows.keys()) return void this.#rows.delete(oldest);
  }

  /** The participant can be used now, or it was disposed. */
  forget(guidPrefix: GuidPrefix): void {
    this.#rows.delete(guidPrefix);
  }

  /** Returns the recently received participants, newest first. */
  list(nowMs: number): readonly NotUnderstood[] {
    for (const [key, { lastReceivedMs }] of this.#rows)
      if (nowMs - lastReceivedMs > RETENTION_MS) this.#rows.delete(key);
    return Array.from(this.#rows.values(), ({ lastReceivedMs, ...row }) => ({
      ...row,
      lastReceivedAgoMs: nowMs - lastReceivedMs,
    })).reverse();
  }
}
