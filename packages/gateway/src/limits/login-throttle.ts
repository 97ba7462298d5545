import { createHmac } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';
import { addressPrefix } from './address-prefix.ts';
import { BoundedTable } from './bounded-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Failed logins before the next one has to wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Failures are forgotten after this time. */
const FORGET_MS = 15 * 60_000;
/** Maximum accounts, and maximum addresses, with remembered failures. */
const MAX_REMEMBERED = 10_000;
/**
 * Attempts a minute at a throttled account from addresses without failures: the owner can log in with a new device
 * while an attacker keeps failing elsewhere.
 */
const FRESH_PER_MINUTE = 10;
const KEY_BYTES = 32;

/** A login attempt. */
export interface LoginAttempt {
  readonly account: string;
  /** Address of the client. */
  readonly address: string;
  /** Id of a device that has logged in to this account before: only its own failures delay it. */
  readonly device?: string | undefined;
}

/** Failures at one account, from one address, or with one known device. */
interface Failures {
  readonly count: number;
  /** The next attempt is refused until this time. */
  readonly untilMs: number;
  readonly lastMs: number;
}

const NONE: Failures = { count: 0, untilMs: 0, lastMs: Number.NEGATIVE_INFINITY };

/**
 * Slows down guessing: after five failures at an account, or from an address, the next attempt is admitted after 1, 2,
 * 4 … 60 seconds. No client can lock out another. A known device waits only for its own failures. An address without
 * failures does not wait for those at the account, up to a rate.
 * An attempt counts as failed once admitted, so that parallel attempts do not bypass the limit.
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /**
   * Accounts are stored as keyed digests: users sometimes type a password as the name, and the digests cannot be
   * brute-forced.
   */
  readonly #key: Uint8Array;
  readonly #accounts: BoundedTable<Failures>;
  readonly #addresses: BoundedTable<Failures>;
  readonly #devices: BoundedTable<Failures>;
  /** By account: the rate for addresses without failures. */
  readonly #fresh: BoundedTable<TokenBucket>;

  constructor(clock: Pick<Clock, 'monotonicMs'>, random: Pick<Random, 'bytes'>, maxRemembered = MAX_REMEMBERED) {
    this.#clock = clock;
    this.#key = random.bytes(KEY_BYTES);
    this.#accounts = new BoundedTable(maxRemembered);
    this.#addresses = new BoundedTable(maxRemembered);
    this.#devices = new BoundedTable(maxRemembered);
    this.#fresh = new BoundedTable(maxRemembered);
  }

  /** Returns how long the attempt has to wait; 0 if it is admitted. A delayed attempt does not count as a failure. */
  admit(attempt: LoginAttempt): { readonly waitMs: number } {
    const nowMs = this.#clock.monotonicMs();
    const waitMs = attempt.device === undefined ? this.#waitOf(attempt, nowMs) : this.#waitOfDevice(attempt, nowMs);
    if (waitMs === 0) for (const [table, key] of this.#countedAt(attempt)) add(table, key, 1, nowMs);
    return { waitMs };
  }

  /** Call after an admitted attempt failed: the wait starts now, however long the check took. */
  failed(attempt: LoginAttempt): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [table, key] of this.#countedAt(attempt)) add(table, key, 0, nowMs);
  }

  /**
   * Call after an admitted attempt succeeded. Clears the failures of its account and known device; without one, takes
   * this attempt back from the count of the address.
   */
  succeeded(attempt: LoginAttempt): void {
    const nowMs = this.#clock.monotonicMs();
    this.#accounts.delete(this.#digest(attempt.account));
    if (attempt.device !== undefined) {
      this.#devices.delete(this.#deviceKey(attempt));
      return;
    }
    const address = addressPrefix(attempt.address);
    const { count } = failuresAt(this.#addresses, address, nowMs);
    if (count > 1) this.#addresses.set(address, { count: count - 1, untilMs: nowMs, lastMs: nowMs });
    else this.#addresses.delete(address);
  }

  #waitOf({ account, address }: LoginAttempt, nowMs: number): number {
    const key = addressPrefix(address);
    const ofAddress = waitAt(this.#addresses, key, nowMs);
    const ofAccount = waitAt(this.#accounts, this.#digest(account), nowMs);
    if (ofAddress > 0 || ofAccount === 0) return Math.max(ofAddress, ofAccount);
    const isFresh = failuresAt(this.#addresses, key, nowMs).count === 0;
    return isFresh && this.#freshAt(account, nowMs).take(nowMs) ? 0 : ofAccount;
  }

  #freshAt(account: string, nowMs: number): TokenBucket {
    const key = this.#digest(account);
    const bucket = this.#fresh.get(key) ?? new TokenBucket(FRESH_PER_MINUTE, nowMs);
    this.#fresh.set(key, bucket);
    return bucket;
  }

  #waitOfDevice(attempt: LoginAttempt, nowMs: number): number {
    return waitAt(this.#devices, this.#deviceKey(attempt), nowMs);
  }

  /** Returns the counters of an attempt: a known device has its own. */
  #countedAt(attempt: LoginAttempt): readonly (readonly [BoundedTable<Failures>, string])[] {
    if (attempt.device !== undefined) return [[this.#devices, this.#deviceKey(attempt)]];
    return [
      [this.#accounts, this.#digest(attempt.account)],
      [this.#addresses, addressPrefix(attempt.address)],
    ];
  }

  #deviceKey({ account, device }: LoginAttempt): string {
    return `${device} ${this.#digest(account)}`;
  }

  #digest(account: string): string {
    return createHmac('sha256', this.#key).update(account).digest('base64url');
  }
}

function failuresAt(table: BoundedTable<Failures>, key: string, nowMs: number): Failures {
  const failures = table.get(key) ?? NONE;
  return nowMs - failures.lastMs < FORGET_MS ? failures : NONE;
}

function waitAt(table: BoundedTable<Failures>, key: string, nowMs: number): number {
  return Math.max(0, failuresAt(table, key, nowMs).untilMs - nowMs);
}

function add(table: BoundedTable<Failures>, key: string, failures: 0 | 1, nowMs: number): void {
  const count = failuresAt(table, key, nowMs).count + failures;
  table.set(key, { count, untilMs: nowMs + waitAfter(count), lastMs: nowMs });
}

function waitAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES));
}
