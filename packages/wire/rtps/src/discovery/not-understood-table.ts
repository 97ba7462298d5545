import type { GuidPrefix } from '../model/guid.ts';
import type { NotUnderstood, NotUnderstoodReason } from '../model/not-understood.ts';
import { vendorName } from '../wire/protocol.ts';

/** Enough to show what is wrong with a network. Anybody can make up sources: the one silent for longest makes way. */
export const MAX_NOT_UNDERSTOOD = 64;

/** Longer than any participant is silent while it is there; later it is gone and nobody needs to look for it. */
const KEPT_MS = 5 * 60_000;

interface Row extends Omit<NotUnderstood, 'lastHeardAgoMs'> {
  readonly heardMs: number;
}

/** What is noted of one announcement. */
export interface Misunderstanding {
  readonly guidPrefix: GuidPrefix | undefined;
  readonly address: string;
  readonly vendor: number;
  readonly reason: NotUnderstoodReason;
  readonly monotonicMs: number;
}

/** Participants that are heard and of no use, by GUID prefix, or by address where that is not known. */
export class NotUnderstoodTable {
  /** The one heard last is the last. */
  readonly #rows = new Map<string, Row>();

  /** A source has one row, with the latest reason and how often in a row that was the one. */
  note({ guidPrefix, address, vendor, reason, monotonicMs }: Misunderstanding): void {
    const key = guidPrefix ?? address;
    const before = this.#rows.get(key);
    const count = before?.reason === reason ? before.count + 1 : 1;
    this.#rows.delete(key);
    this.#rows.set(key, { guidPrefix, address, vendorId: vendorName(vendor), reason, count, heardMs: monotonicMs });
    if (this.#rows.size > MAX_NOT_UNDERSTOOD)
      for (const oldest of this.#rows.keys()) return void this.#rows.delete(oldest);
  }

  /** It is understood now, or it has said goodbye. */
  forget(guidPrefix: GuidPrefix): void {
    this.#rows.delete(guidPrefix);
  }

  /** Those heard lately, the last one first. */
  list(nowMs: number): readonly NotUnderstood[] {
    for (const [key, { heardMs }] of this.#rows) if (nowMs - heardMs > KEPT_MS) this.#rows.delete(key);
    return Array.from(this.#rows.values(), ({ heardMs, ...row }) => ({
      ...row,
      lastHeardAgoMs: nowMs - heardMs,
    })).reverse();
  }
}
