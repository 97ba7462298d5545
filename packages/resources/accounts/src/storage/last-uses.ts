import { errorMessage } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { AccountRecords } from '../account-records.ts';
import { CLOCK_IS_SET_MS } from '../principals.ts';
import type { AccountStore } from './account-changes.ts';

/** Accuracy of the last use: each key and session causes at most one write in this time. */
const EXACT_MS = 60_000;
/** Uses within this time are written together. */
const GATHER_MS = 5000;

export interface LastUsesOptions {
  readonly records: AccountRecords;
  readonly store: AccountStore;
  readonly clock: Clock;
  readonly log: (level: 'warn', message: string) => void;
}

/** Last use of keys and sessions: updated in memory immediately, and on disk after a delay. */
export class LastUses {
  readonly #options: LastUsesOptions;
  /** Ids of keys to write. */
  readonly #keys = new Set<string>();
  readonly #sessions = new Set<string>();
  #timer: Timer | undefined;

  constructor(options: LastUsesOptions) {
    this.#options = options;
  }

  key(id: string): void {
    this.#touch(this.#options.records.keyUses, id, this.#keys);
  }

  session(id: string): void {
    const { records, clock } = this.#options;
    records.sessionTimes.set(id, { ...records.sessionTimes.get(id), usedMs: clock.monotonicMs() });
    this.#touch(this.#options.records.sessionUses, id, this.#sessions);
  }

  /** Writes pending updates. If that fails, drops them: they are not worth a delay. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { records, store, log } = this.#options;
    const statements = [
      ...statementsOf('account_keys', this.#keys, records.keyUses),
      ...statementsOf('account_sessions', this.#sessions, records.sessionUses),
    ];
    this.#keys.clear();
    this.#sessions.clear();
    if (statements.length === 0) return;
    try {
      await store.write(statements, {}, 'system');
    } catch (error) {
      log('warn', `The times of last use of keys and sessions could not be written: ${errorMessage(error)}`);
    }
  }

  #touch(uses: Map<string, number>, id: string, unwritten: Set<string>): void {
    const nowMs = this.#options.clock.wallMs();
    const lastMs = uses.get(id);
    // Ignores a clock that lost the date. A clock that was only set back is accepted.
    if (nowMs < CLOCK_IS_SET_MS && lastMs !== undefined && lastMs >= CLOCK_IS_SET_MS) return;
    if (lastMs !== undefined && Math.abs(nowMs - lastMs) < EXACT_MS) return;
    uses.set(id, nowMs);
    unwritten.add(id);
    this.#timer ??= this.#options.clock.after(GATHER_MS, () => void this.flush());
  }
}

/** Updates one column of existing rows, because other columns may be changing concurrently. */
function statementsOf(
  table: string,
  ids: ReadonlySet<string>,
  uses: ReadonlyMap<string, number>,
): readonly Statement[] {
  const sql = `UPDATE ${table} SET last_used_ms = ? WHERE id = ?`;
  return [...ids].map((id) => ({ sql, parameters: [Math.round(uses.get(id) ?? 0), id] }));
}
