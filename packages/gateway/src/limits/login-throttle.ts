import { createHmac } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';
import { addressPrefix } from './address-prefix.ts';
import { BoundedTable } from './bounded-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Logins that may fail before the next one has to wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Failures so long ago are not held against anybody. */
const FORGET_MS = 15 * 60_000;
/** Accounts, and as many addresses, of which failures are remembered. */
const MAX_REMEMBERED = 10_000;
/**
 * Attempts a minute at an account that has to wait, from addresses without a failure of their own: its owner gets in with a new
 * device while a stranger keeps failing elsewhere.
 */
const FRESH_PER_MINUTE = 10;
const KEY_BYTES = 32;

/** Somebody says who they are. */
export interface LoginAttempt {
  readonly account: string;
  /** Where the connection came from. */
  readonly address: string;
  /** Id of a device that has logged in to this account before: it waits for its own failures alone. */
  readonly device?: string | undefined;
}

/** What went wrong at one account, from one address, or with one known device. */
interface Failures {
  readonly count: number;
  /** Nobody is heard before. */
  readonly untilMs: number;
  readonly lastMs: number;
}

const NONE: Failures = { count: 0, untilMs: 0, lastMs: Number.NEGATIVE_INFINITY };

/**
 * Makes guessing slow: after five failures at an account, or from an address, the next attempt is heard after 1, 2, 4 … 60
 * seconds. No client locks out another: a known device waits for its own failures alone, and an address without failures does
 * not wait for those at the account, up to a rate.
 *
 * An attempt counts as failed from when it is admitted, so that many at once are no way around it.
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** People type passwords in the place of names: accounts are known by digests that nobody can try names against. */
  readonly #key: Uint8Array;
  readonly #accounts: BoundedTable<Failures>;
  readonly #addresses: BoundedTable<Failures>;
  readonly #devices: BoundedTable<Failures>;
  /** By account: what is left to addresses without failures. */
  readonly #fresh: BoundedTable<TokenBucket>;

  constructor(clock: Pick<Clock, 'monotonicMs'>, random: Pick<Random, 'bytes'>, maxRemembered = MAX_REMEMBERED) {
    this.#clock = clock;
    this.#key = random.bytes(KEY_BYTES);
    this.#accounts = new BoundedTable(maxRemembered);
    this.#addresses = new BoundedTable(maxRemembered);
    this.#devices = new BoundedTable(maxRemembered);
    this.#fresh = new BoundedTable(maxRemembered);
  }

  /** How long somebody has to wait who wants to log in; 0 where they are heard now. What has to wait is no failure. */
  admit(attempt: LoginAttempt): { readonly waitMs: number } {
    const nowMs = this.#clock.monotonicMs();
    const waitMs = attempt.device === undefined ? this.#waitOf(attempt, nowMs) : this.#waitOfDevice(attempt, nowMs);
    if (waitMs === 0) for (const [table, key] of this.#countedAt(attempt)) add(table, key, 1, nowMs);
    return { waitMs };
  }

  /** To be told of an attempt that was admitted: the next one waits from now on, however long this one took to judge. */
  failed(attempt: LoginAttempt): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [table, key] of this.#countedAt(attempt)) add(table, key, 0, nowMs);
  }

  /** The same of one that succeeded: it clears its account and its device, and of the address itself. */
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

  /** Where an attempt counts: failures of a known device are its own. */
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
