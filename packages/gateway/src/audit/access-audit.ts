import type { DeniedAccess } from '@medkit/contract';
import type { RuntimeHealth } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { accessEntry } from '@medkit/services';
import type { AuditRecord } from '@medkit/store';
import { type Refusal, RefusalTable } from './refusal-table.ts';

/** However much is refused, the chain gets one record in so long. */
const SUMMARY_MS = 60_000;
/** Refusals within a minute that somebody should look at. */
const MANY = 100;

export interface AccessAuditOptions {
  readonly clock: Clock;
  /** Writes into the audit log; absent where it has none of this. */
  readonly write?: ((record: AuditRecord) => Promise<unknown>) | undefined;
}

/** Counts who was not let in, and has a summary of each minute in which somebody was not in the audit log. */
export class AccessAudit {
  readonly #options: AccessAuditOptions;
  readonly #table: RefusalTable;
  /** Refusals of the minute that is counted, and of the one before. */
  readonly #minute = { index: 0, count: 0, before: 0 };
  #next: Timer | undefined;

  constructor(options: AccessAuditOptions) {
    this.#options = options;
    this.#table = new RefusalTable(options.clock.wallMs());
  }

  /** Somebody was not let in of whom there is no other record. */
  refused(refusal: Refusal): void {
    this.denied(refusal);
    this.#next ??= this.#options.clock.after(SUMMARY_MS, () => void this.#summarize());
  }

  /** The same of what is in the audit log otherwise: it is in the next summary, and no reason for one. */
  denied(refusal: Refusal): void {
    this.#table.count(refusal, this.#options.clock.wallMs());
    this.#turn();
    this.#minute.count += 1;
  }

  /** Who was not let in since the start. */
  table(): DeniedAccess {
    return this.#table.denied();
  }

  health(): RuntimeHealth {
    const totals = this.#table.totals();
    if (totals.refused_total === 0) return { warnings: [], blocks: {} };
    this.#turn();
    const { count, before } = this.#minute;
    const most = Math.max(count, before);
    const message = `${most} requests and logins were refused within a minute: GET /x-medkit-audit/denied says why, and where from.`;
    return {
      warnings: most > MANY ? [{ code: 'access_refusals_many', message }] : [],
      blocks: { 'x-medkit-access': totals },
    };
  }

  /** Has what is not told yet in the audit log. */
  async stop(): Promise<void> {
    this.#next?.cancel();
    await this.#summarize();
  }

  async #summarize(): Promise<void> {
    const { clock, write } = this.#options;
    this.#next = undefined;
    const summary = this.#table.takeSummary(clock.wallMs());
    if (summary) await write?.(accessEntry(summary, clock.wallNs()));
  }

  #turn(): void {
    const index = Math.floor(this.#options.clock.monotonicMs() / SUMMARY_MS);
    if (index === this.#minute.index) return;
    this.#minute.before = index === this.#minute.index + 1 ? this.#minute.count : 0;
    this.#minute.count = 0;
    this.#minute.index = index;
  }
}
