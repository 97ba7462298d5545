import { errorMessage } from '@medkit/core';
import { Quota } from '@medkit/edges';
import type { AuditRecord, Store } from '@medkit/store';
import { type Receipt, receiptIn, receiptStatement, type WaitingFile } from './waiting-file.ts';

/**
 * Maximum records that wait in memory while the log cannot be written. Records beyond this, or beyond the share of
 * their client, are lost and counted.
 */
export const MAX_WAITING_REQUESTS = 1000;
/** Maximum records that wait in a file, and in memory as well: about 5 MB. An hour with more than one change a second. */
export const MAX_STORED_REQUESTS = 5000;
/** Records of one transaction of the log. */
const MAX_TOGETHER = 200;

interface Waiting {
  readonly record: AuditRecord;
  readonly owner: string | undefined;
  /** Number in the file; `undefined` until it is there. */
  id: number | undefined;
  /** Resolves when it is in the file, or cannot be stored there. */
  readonly stored: Promise<void>;
}

/**
 * Audit records that wait until the log can be written, in order: in memory, and in a file if the log is on another
 * machine. With a file, each record is in the log exactly once, also if the process is killed.
 */
export class WaitingRecords {
  /** Limits the records by client. */
  readonly quota: Quota;
  readonly #queue: Waiting[] = [];
  #file: WaitingFile | undefined;
  /** Identifies the file; `undefined` until it has a record. */
  #name: string | undefined;
  /** Lost records since the file was created, or since the start; `reported` are those that the log states. */
  #lost = 0;
  #reported = 0;
  #problem: string | undefined;

  constructor(file: WaitingFile | undefined) {
    this.#file = file;
    this.quota = new Quota(file ? MAX_STORED_REQUESTS : MAX_WAITING_REQUESTS);
  }

  get size(): number {
    return this.#queue.length;
  }

  /** Whether the log has no further records to take, and states all lost ones. */
  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#lost <= this.#reported;
  }

  /** Whether waiting records survive the end of the process. */
  get isStored(): boolean {
    return this.#file !== undefined && this.#problem === undefined;
  }

  /** Why the last record could not be stored in the file. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Reads what an earlier process has left in the file. Call it before the others. If that fails, the file stays unchanged
   * for the next start, and records wait in memory.
   */
  async restore(): Promise<void> {
    try {
      const left = await this.#file?.read();
      if (!left) return;
      this.#name = await this.#file?.name();
      this.#lost = left.lost;
      for (const { id, owner, record } of left.records) {
        this.quota.add(owner);
        this.#queue.push({ record, owner, id, stored: Promise.resolve() });
      }
    } catch (error) {
      this.#file = undefined;
      throw error;
    }
  }

  /** Resolves with whether there was room for the record, when it is in the file, or in memory without one. */
  async add(record: AuditRecord, owner: string | undefined): Promise<boolean> {
    if (!this.quota.take(owner)) {
      this.#lost += 1;
      await this.#store(async (file) => file.addLost());
      return false;
    }
    const { promise: stored, resolve } = Promise.withResolvers<void>();
    const waiting: Waiting = { record, owner, id: undefined, stored };
    this.#queue.push(waiting);
    await this.#store(async (file) => {
      waiting.id = await file.add(record, owner);
      this.#name ??= await file.name();
    }).finally(resolve);
    return true;
  }

  /**
   * Moves all records to the log, and then one that states how many were lost. Returns how many were moved. Rejects with
   * the error of the log; the rest waits.
   */
  async writeTo(log: Store, lossOf: (count: number) => AuditRecord): Promise<number> {
    let taken: Receipt = { last: 0, lost: this.#reported };
    const name = this.#name;
    if (name !== undefined) {
      // The result of the last attempt, or of an earlier process, may be unknown.
      taken = await receiptIn(log, name);
      this.#reported = taken.lost;
      this.#lost = Math.max(this.#lost, taken.lost);
      const { last } = taken;
      await this.#remove(this.#queue.findLastIndex(({ id }) => id !== undefined && id <= last) + 1);
    }
    let moved = 0;
    while (!this.isEmpty) {
      const batch = this.#queue.slice(0, MAX_TOGETHER);
      await Promise.all(batch.map(({ stored }) => stored));
      const hasLoss = batch.length === this.#queue.length && this.#lost > this.#reported;
      const loss = hasLoss ? [lossOf(this.#lost - this.#reported)] : [];
      taken = {
        last: batch.findLast(({ id }) => id !== undefined)?.id ?? taken.last,
        lost: hasLoss ? this.#lost : taken.lost,
      };
      const statements = name === undefined ? [] : [receiptStatement(name, taken)];
      await log.write(statements, { audit: [...batch.map(({ record }) => record), ...loss] }, 'disk');
      this.#reported = taken.lost;
      moved += batch.length;
      await this.#remove(batch.length);
    }
    return moved;
  }

  /** Removes the first records, which the log has. */
  async #remove(count: number): Promise<void> {
    const removed = this.#queue.splice(0, count);
    for (const { owner } of removed) this.quota.release(owner);
    const last = removed.findLast(({ id }) => id !== undefined)?.id;
    if (last !== undefined) await this.#store((file) => file.remove(last));
  }

  async #store(work: (file: WaitingFile) => Promise<void>): Promise<void> {
    if (!this.#file) return;
    try {
      await work(this.#file);
      this.#problem = undefined;
    } catch (error) {
      this.#problem = errorMessage(error);
    }
  }
}
