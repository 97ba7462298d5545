import type { Notice } from '@medkit/documents';
import type { Clock, Timer } from '@medkit/edges';
import type { AuditRecord, Migrations, Statement, Store } from '@medkit/store';
import { lastQueuedNumber, queuedAfter, removeQueuedUpTo } from '../storage/audit-outbox.ts';

/** Retry interval while the audit log cannot be written. */
const RETRY_MS = 5000;

/**
 * Number of the last record taken from the outbox, stored in the audit log itself, so that every record is written
 * exactly once across crashes.
 */
export const AUDIT_RECEIPT: Migrations = {
  'faults.audit-receipt': [
    ['CREATE TABLE audit_receipt (id INTEGER PRIMARY KEY CHECK (id = 1), last_taken INTEGER NOT NULL)'],
  ],
};

/** State of the audit log, for `/health`. */
export interface AuditFacts {
  /** Why the log cannot be written now; records wait in the outbox meanwhile. */
  readonly failing: string | undefined;
  /** Number of failed attempts. */
  readonly failures: number;
  /** Records dropped from the full outbox while the log could not be written. */
  readonly lost: number;
}

export interface AuditLogOptions {
  /** The store of the faults, with the outbox. */
  readonly faults: Store;
  /** Opens the store of the audit log, with its chain and `AUDIT_RECEIPT`. Called again if it rejected. */
  readonly open: () => Promise<Store>;
  readonly clock: Clock;
  readonly notice: (notice: Notice) => void;
}

/** Moves the records of the outbox into the audit log, in order and each exactly once. */
export class AuditLog {
  readonly #options: AuditLogOptions;
  #store: Store | undefined;
  /** Number of the last record in the log; `undefined` until it was read. */
  #taken: number | undefined;
  #last: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #retries: Timer | undefined;
  #failing: string | undefined;
  #failures = 0;
  #lost = 0;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /** Delivers what an earlier process left, and records that logging begins. Does not reject; see `facts`. */
  async start(): Promise<void> {
    await this.deliver().catch(() => undefined);
    await this.#mark('logging_activated', 'ACTIVE');
    this.#retries = this.#options.clock.every(RETRY_MS, () => {
      if (this.#failing !== undefined) this.deliver().catch(() => undefined);
    });
  }

  /** Resolves when everything now in the outbox is in the log; rejects with the reason if it is not. */
  deliver(): Promise<void> {
    // A running delivery may have read the outbox already; a second one delivers newer records.
    this.#queued ??= this.#last
      .catch(() => undefined)
      .then(() => {
        this.#queued = undefined;
        return this.#attempt();
      });
    this.#last = this.#queued;
    return this.#last;
  }

  facts(): AuditFacts {
    return { failing: this.#failing, failures: this.#failures, lost: this.#lost };
  }

  /** The store of the log, while it is open. */
  get store(): Store | undefined {
    return this.#store;
  }

  /**
   * Delivers the remaining records and records that logging ends. Records that cannot be written stay in the outbox.
   * The log stays open.
   */
  async stop(): Promise<void> {
    this.#retries?.cancel();
    await this.deliver().catch(() => undefined);
    await this.#mark('logging_deactivated', 'INACTIVE');
  }

  async #attempt(): Promise<void> {
    try {
      this.#store ??= await this.#options.open();
      await this.#empty(this.#store);
      this.#failing = undefined;
    } catch (error) {
      // An interrupted write may be in the log or not; the next attempt reads the receipt again.
      this.#taken = undefined;
      this.#failures += 1;
      const reason = (error as Error).message;
      if (this.#failing === undefined) {
        this.#options.notice({ level: 'error', text: `the audit log cannot be written: ${reason}` });
      }
      this.#failing = reason;
      throw error;
    }
  }

  async #empty(log: Store): Promise<void> {
    const { faults } = this.#options;
    for (;;) {
      const taken = this.#taken ?? (await this.#lastTaken(log));
      const entrusted = await queuedAfter(faults, taken);
      const [first, last] = [entrusted[0], entrusted.at(-1)];
      if (first === undefined || last === undefined) return;
      await log.write([receipt(last.id)], { audit: entrusted.map(({ record }) => record) });
      this.#taken = last.id;
      if (first.id > taken + 1) this.#reportLoss(first.id - taken - 1);
      await removeQueuedUpTo(faults, last.id);
    }
  }

  async #lastTaken(log: Store): Promise<number> {
    const { faults } = this.#options;
    const lastQueued = await lastQueuedNumber(faults);
    const [row] = await log.read('SELECT last_taken FROM audit_receipt');
    if (row === undefined) {
      // A new log does not know what preceded it.
      const [oldest] = await queuedAfter(faults, 0);
      return oldest === undefined ? lastQueued : oldest.id - 1;
    }
    const taken = Number(row.last_taken);
    if (taken <= lastQueued) return taken;
    // The receipt is higher than any number of these faults: the faults store was recreated and numbers from 1 again.
    await log.write([receipt(0)]);
    return 0;
  }

  #reportLoss(count: number): void {
    this.#lost += count;
    const text = `${count} changes of faults are missing in the audit log, because it could not be written for too long`;
    this.#options.notice({ level: 'error', text });
  }

  async #mark(transition: 'logging_activated' | 'logging_deactivated', status: string): Promise<void> {
    const marker: AuditRecord = {
      occurredAtNs: this.#options.clock.wallNs(),
      faultCode: '__audit__',
      transition,
      severity: 0,
      status,
      sourceId: 'fault_manager',
      description: '',
    };
    // Best effort: a log that cannot be written was already reported.
    if (this.#failing === undefined) await this.#store?.write([], { audit: [marker] }).catch(() => undefined);
  }
}

const receipt = (lastTaken: number): Statement => ({
  sql: 'INSERT INTO audit_receipt (id, last_taken) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET last_taken = excluded.last_taken',
  parameters: [lastTaken],
});
