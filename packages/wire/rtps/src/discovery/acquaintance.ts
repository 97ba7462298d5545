/** Datagrams that go to a participant before anything has come back from it. */
const MAX_TO_STRANGER = 6;
/** What every further announcement of its adds, up to that: it may have been deaf when it was answered first. */
const PER_ANNOUNCEMENT = 2;
/** How long a participant counts that only announces itself, whatever lease it claims. Both stacks do so every 30 s. */
export const STRANGER_LEASE_MS = 40_000;

/**
 * Whether a participant has shown that it hears us. Its announcement alone names addresses that it need not have: whoever
 * sends one in another's name must not have us send much to that address, nor for long.
 */
export class Acquaintance {
  readonly #addresses: ReadonlySet<string>;
  #isMade = false;
  #left = MAX_TO_STRANGER;

  /** `addresses` are those it says it listens at. */
  constructor(addresses: ReadonlySet<string>) {
    this.#addresses = addresses;
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** It has announced itself once more. */
  announced(): void {
    this.#left = Math.min(MAX_TO_STRANGER, this.#left + PER_ANNOUNCEMENT);
  }

  /** Something came from `address` that is addressed to us by name, as only who has heard us can. */
  answered(address: string, isOwnHost: boolean): void {
    if (isOwnHost || this.#addresses.has(address)) this.#isMade = true;
  }

  /** Whether so many datagrams may be sent to it now; they count as sent. */
  admits(datagrams: number): boolean {
    if (this.#isMade) return true;
    if (this.#left < datagrams) return false;
    this.#left -= datagrams;
    return true;
  }
}
