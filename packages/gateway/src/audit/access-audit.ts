import { accessEntry } from '@medkit/audit';
import type { DeniedAccess } from '@medkit/contract';
import type { RuntimeHealth } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { AuditRecord } from '@medkit/store';
import { type Refusal, RefusalTable } from './refusal-table.ts';

/** Minimum interval of summary records in the audit chain. */
const SUMMARY_MS = 60_000;
/** Refusals within a minute from which a warning is reported. */
const MANY = 100;

export interface AccessAuditOptions {
  readonly clock: Clock;
  /** Writes into the audit log; absent if requests are not audited. */
  readonly write?: ((record: AuditRecord) => Promise<unknown>) | undefined;
}

/** Counts rejected requests and writes a summary of each minute with any into the audit log. */
export class AccessAudit {
  readonly #options: AccessAuditOptions;
  readonly #table: RefusalTable;
  /** Refusals of the current minute and of the previous one. */
  readonly #minute = { index: 0, count: 0, before: 0 };
  #next: Timer | undefined;

  constructor(options: AccessAuditOptions) {
    this.#options = options;
    this.#table = new RefusalTable(options.clock.wallMs());
  }

  /** Counts a refusal without a separate audit record. */
  refused(refusal: Refusal): void {
    this.denied(refusal);
    this.#next ??= this.#options.clock.after(SUMMARY_MS, () => void this.#summarize());
  }

  /** Counts a refusal that is also recorded separately: it is part of the next summary, but does not cause one. */
  denied(refusal: Refusal): void {
    this.#table.count(refusal, this.#options.clock.wallMs());
    this.#turn();
    this.#minute.count += 1;
  }

  /** Returns the refusals since the start. */
  table(): DeniedAccess {
    return this.#table.denied();
  }

  health(): RuntimeHealth {
    const totals = this.#table.totals();
    if (totals.refused_total === 0) return { warnings: [], blocks: {} };
    this.#turn();
    const { count, before } = this.#minute;
    const most = Math.max(count, before);
    const message = `${most} requests and logins were rejected within a minute. GET /x-medkit-audit/denied lists the reasons and client addresses.`;
    return {
      warnings: most > MANY ? [{ code: 'access_refusals_many', message }] : [],
      blocks: { 'x-medkit-access': totals },
    };
  }

  /** Writes the pending summary into the audit log. */
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
