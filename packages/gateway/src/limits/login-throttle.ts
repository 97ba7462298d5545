import { createHmac } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';
import { addressPrefix } from './address-prefix.ts';
import { BoundedTable } from './bounded-table.ts';

/** Logins that may fail before the next one has to wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Failures so long ago are not held against anybody. */
const FORGET_MS = 15 * 60_000;
/** Accounts, and as many addresses, of which failures are remembered. */
const MAX_REMEMBERED = 10_000;
const KEY_BYTES = 32;

/** Somebody says who they are. */
export interface LoginAttempt {
  readonly account: string;
  /** Where the connection came from. */
  readonly address: string;
  /** True where somebody has logged in to this account with this device before: then only the address has to wait. */
  readonly isKnownDevice?: boolean;
}

/** What went wrong at one account, or from one address. */
interface Failures {
  readonly count: number;
  /** Nobody is heard before. */
  readonly untilMs: number;
  readonly lastMs: number;
}

const NONE: Failures = { count: 0, untilMs: 0, lastMs: Number.NEGATIVE_INFINITY };

/**
 * Makes guessing slow: after five failures at an account, or from an address, the next attempt is heard after 1, 2, 4 … 60
 * seconds. Nobody is locked out, as with that anybody could lock out anybody: who comes with a known device does not wait
 * for what others failed at.
 *
 * An attempt counts as failed from when it is admitted, so that many at once are no way around it.
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** People type passwords in the place of names: accounts are known by digests that nobody can try names against. */
  readonly #key: Uint8Array;
  readonly #accounts: BoundedTable<Failures>;
  readonly #addresses: BoundedTable<Failures>;

  constructor(clock: Pick<Clock, 'monotonicMs'>, random: Pick<Random, 'bytes'>, maxRemembered = MAX_REMEMBERED) {
    this.#clock = clock;
    this.#key = random.bytes(KEY_BYTES);
    this.#accounts = new BoundedTable(maxRemembered);
    this.#addresses = new BoundedTable(maxRemembered);
  }

  /** How long somebody has to wait who wants to log in; 0 where they are heard now. What has to wait is no failure. */
  admit({ account, address, isKnownDevice = false }: LoginAttempt): { readonly waitMs: number } {
    const nowMs = this.#clock.monotonicMs();
    const [ofAccount, ofAddress] = [this.#digest(account), addressPrefix(address)];
    const waitMs = Math.max(
      isKnownDevice ? 0 : waitAt(this.#accounts, ofAccount, nowMs),
      waitAt(this.#addresses, ofAddress, nowMs),
    );
    if (waitMs > 0) return { waitMs };
    add(this.#accounts, ofAccount, 1, nowMs);
    add(this.#addresses, ofAddress, 1, nowMs);
    return { waitMs: 0 };
  }

  /** To be told of an attempt that was admitted: the next one waits from now on, however long this one took to judge. */
  failed({ account, address }: LoginAttempt): void {
    const nowMs = this.#clock.monotonicMs();
    add(this.#accounts, this.#digest(account), 0, nowMs);
    add(this.#addresses, addressPrefix(address), 0, nowMs);
  }

  /** The same of one that succeeded: it clears its account, and of the address itself. */
  succeeded({ account, address }: LoginAttempt): void {
    const nowMs = this.#clock.monotonicMs();
    this.#accounts.delete(this.#digest(account));
    const { count } = failuresAt(this.#addresses, addressPrefix(address), nowMs);
    if (count > 1) this.#addresses.set(addressPrefix(address), { count: count - 1, untilMs: nowMs, lastMs: nowMs });
    else this.#addresses.delete(addressPrefix(address));
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
