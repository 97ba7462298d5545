import { SovdError } from '@medkit/contract';
import { errorMessage, type Log, quotaBlock, type RuntimeHealth, type Warning } from '@medkit/core';
import { type Clock, type Timer, within } from '@medkit/edges';
import type { AuditRecord, Durability } from '@medkit/store';
import type { AuditFile } from './audit-file.ts';
import { waitingFile } from './waiting-file.ts';
import { WaitingRecords } from './waiting-records.ts';

/** How long a reply waits for its record, including the opening of the log. A hanging disk delays no reply longer. */
const WRITE_TIMEOUT_MS = 5000;
/** Interval of retries while the audit log cannot be written. */
const RETRY_MS = 5000;
/** Delay until a record that survives a process crash also survives a power loss. */
const SYNC_MS = 1000;
export interface RequestAuditOptions {
  readonly file: AuditFile;
  /** Durability of a record once the request is answered. */
  readonly durability: Durability;
  /** Refuses changes while the log cannot be written. */
  readonly failClosed: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes requests into the audit log. Batches concurrent ones. While the log cannot be written, they wait: in a file of
 * this machine if the log is on another one, otherwise in memory. A record whose write timed out may be written twice.
 */
export class RequestAudit {
  readonly #options: RequestAuditOptions;
  readonly #retries: Timer;
  readonly #waiting: WaitingRecords;
  /** Present until the records that an earlier process left are read. */
  #restoring: Promise<void> | undefined;
  #failing: string | undefined;
  #retrying: Promise<void> | undefined;
  #syncing: Timer | undefined;
  readonly #totals = { written: 0, failures: 0, lost: 0, turnedAway: 0 };

  constructor(options: RequestAuditOptions) {
    this.#options = options;
    const { waiting } = options.file;
    this.#waiting = new WaitingRecords(waiting && waitingFile(waiting));
    if (waiting) this.#restoring = this.#restore();
    this.#retries = options.clock.every(RETRY_MS, () => void this.#retry());
  }

  get failsClosed(): boolean {
    return this.#options.failClosed;
  }

  /** Whether changes are permitted at present. */
  get isAdmitting(): boolean {
    return !this.failsClosed || this.#failing === undefined;
  }

  /** Throws `service-unavailable` if changes are refused at present. */
  admit(): void {
    if (this.isAdmitting) return;
    this.#totals.turnedAway += 1;
    throw new SovdError({
      code: 'service-unavailable',
      message: `${this.#cannot()}. Changes are refused until it can be written`,
    });
  }

  /** Resolves with true when the record is in the log, or with false if it has to wait. */
  async write(record: AuditRecord, owner?: string): Promise<boolean> {
    if (this.#restoring) await this.#restoring;
    if (this.#failing !== undefined) return this.#keep(record, owner);
    const { durability, clock } = this.#options;
    try {
      await within(clock, WRITE_TIMEOUT_MS, this.#append([record], durability), () => {
        throw new Error(`the write took longer than ${WRITE_TIMEOUT_MS} ms`);
      });
      this.#totals.written += 1;
      if (durability === 'system') this.#syncSoon();
      return true;
    } catch (error) {
      this.#fail(error);
      return this.#keep(record, owner);
    }
  }

  health(): RuntimeHealth {
    const { written, failures, lost, turnedAway } = this.#totals;
    const { file, durability } = this.#options;
    return {
      warnings: this.#warnings(),
      blocks: {
        'x-medkit-audit': {
          requests: durability === 'disk' ? 'synced' : 'on',
          fail_closed: this.failsClosed,
          ...(file.path !== undefined && { path: file.path }),
          written_total: written,
          waiting: this.#waiting.size,
          lost_total: lost,
          failures_total: failures,
          turned_away_total: turnedAway,
        },
        ...quotaBlock({ unwritten_requests: this.#waiting.quota }),
      },
    };
  }

  /** Writes the waiting records, if possible, and syncs the log to disk. */
  async stop(): Promise<void> {
    await this.#restoring;
    this.#retries.cancel();
    this.#syncing?.cancel();
    await this.#retry();
    await this.#sync();
    const { size, isStored } = this.#waiting;
    if (size === 0) return;
    const fate = isStored ? 'wait for the next start' : 'are lost';
    this.#options.log('error', `${this.#cannot()}: ${size} records of requests ${fate}`);
  }

  async #append(audit: readonly AuditRecord[], durability: Durability): Promise<void> {
    const store = await this.#options.file.store();
    await store.write([], { audit }, durability);
  }

  async #keep(record: AuditRecord, owner: string | undefined): Promise<false> {
    const added = this.#waiting.add(record, owner);
    // A hanging disk delays the reply for a bounded time.
    if ((await within(this.#options.clock, WRITE_TIMEOUT_MS, added, () => true)) === false) this.#totals.lost += 1;
    return false;
  }

  /** Reads the records that an earlier process left, and writes them into the log before all others. */
  async #restore(): Promise<void> {
    try {
      await this.#waiting.restore();
    } catch (error) {
      this.#options.log('error', `Records that wait for the audit log cannot be read: ${errorMessage(error)}`);
    }
    this.#restoring = undefined;
    if (this.#waiting.isEmpty) return;
    this.#failing = 'it does not have the records of an earlier process yet';
    void this.#retry();
  }

  #fail(error: unknown): void {
    this.#totals.failures += 1;
    const wasFailing = this.#failing !== undefined;
    this.#failing = errorMessage(error);
    if (!wasFailing) this.#options.log('error', this.#cannot());
  }

  #retry(): Promise<void> {
    if (this.#failing === undefined) return Promise.resolve();
    this.#retrying ??= this.#writeWaiting().finally(() => {
      this.#retrying = undefined;
    });
    return this.#retrying;
  }

  async #writeWaiting(): Promise<void> {
    try {
      // More records may be added during the write.
      while (!this.#waiting.isEmpty) {
        const log = await this.#options.file.store();
        this.#totals.written += await this.#waiting.writeTo(log, (count) => this.#loss(count));
      }
      this.#failing = undefined;
      this.#options.log('info', 'the audit log can be written again');
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Returns the record that reports the missing requests. */
  #loss(count: number): AuditRecord {
    return {
      occurredAtNs: this.#options.clock.wallNs(),
      faultCode: '__audit__',
      transition: 'requests_lost',
      severity: 0,
      status: 'INCOMPLETE',
      sourceId: 'gateway',
      description: `${count} requests are missing: the log could not be written for too long`,
    };
  }

  #syncSoon(): void {
    this.#syncing ??= this.#options.clock.after(SYNC_MS, () => {
      this.#syncing = undefined;
      void this.#sync();
    });
  }

  async #sync(): Promise<void> {
    try {
      await this.#options.file.opened?.sync();
    } catch (error) {
      this.#fail(error);
    }
  }

  #cannot(): string {
    return `The audit log cannot be written: ${this.#failing}`;
  }

  #queued(): string {
    const { isStored, problem } = this.#waiting;
    if (isStored) return 'Records of requests are stored on this machine.';
    return `Records of requests are queued in memory${problem === undefined ? '' : `: ${problem}`}.`;
  }

  #warnings(): readonly Warning[] {
    const { file } = this.#options;
    const warnings: Warning[] = [];
    if (this.#failing !== undefined) {
      const meanwhile = this.failsClosed ? 'Until then, all changes are refused.' : this.#queued();
      warnings.push({ code: 'request_audit_failing', message: `${this.#cannot()}. ${meanwhile}` });
    }
    if (this.#totals.lost > 0) {
      const message = `${this.#totals.lost} requests are missing in the audit log: it could not be written for too long.`;
      warnings.push({ code: 'request_audit_incomplete', message });
    }
    if (file.isShort) {
      const message = `The disk is full: the space reserved for the audit log ${file.path} is used up. Free disk space.`;
      warnings.push({ code: 'audit_disk_full', message });
    }
    const { setAside, lostCommits = 0 } = file.opened?.facts() ?? {};
    if (lostCommits > 0) {
      const message = `${file.path} lost ${lostCommits} transactions that were acknowledged before the last start. Check the disk.`;
      warnings.push({ code: 'audit_went_back', message });
    }
    if (setAside !== undefined) {
      const message = `${file.path} was damaged and was moved to ${setAside}: a new chain of audit records was started. Keep the moved file as evidence.`;
      warnings.push({ code: 'audit_damaged', message });
    }
    return warnings;
  }
}
