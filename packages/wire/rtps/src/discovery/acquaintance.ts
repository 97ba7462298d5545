/** Datagrams that go to a participant before anything has come back from it. */
const MAX_TO_STRANGER = 6;
/** What every further announcement of its adds, up to that: it may have been deaf when it was answered first. */
const PER_ANNOUNCEMENT = 2;
/**
 * Octets that go to a participant for each octet of its announcement before anything has come back from it: as many as QUIC
 * allows towards an address that is not verified (RFC 9000, 8.1).
 */
const BYTES_PER_BYTE = 3;

/** How long a participant counts that only announces itself, whatever lease it claims. Both stacks do so every 30 s. */
export const STRANGER_LEASE_MS = 40_000;

/**
 * Whether a participant has shown that it hears us. Its announcement alone names addresses that it need not have: whoever
 * sends one in another's name must not have us send much to that address, nor for long.
 */
export class Acquaintance {
  #addresses: ReadonlySet<string>;
  #isMade = false;
  #left = MAX_TO_STRANGER;
  #bytesLeft = 0;

  /** `addresses` are those it says it listens at, in an announcement of so many octets. */
  constructor(addresses: ReadonlySet<string>, announcementBytes: number) {
    this.#addresses = addresses;
    this.#bytesLeft = BYTES_PER_BYTE * announcementBytes;
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** It has announced itself once more, in so many octets. What it left of the last announcement is not added to that. */
  announced(bytes: number): void {
    this.#left = Math.min(MAX_TO_STRANGER, this.#left + PER_ANNOUNCEMENT);
    this.#bytesLeft = Math.max(this.#bytesLeft, BYTES_PER_BYTE * bytes);
  }

  /** It announced other addresses, which it need not have either. */
  restart(addresses: ReadonlySet<string>, announcementBytes: number): void {
    this.#addresses = addresses;
    this.#isMade = false;
    this.announced(announcementBytes);
  }

  /** Something came from `address` that is addressed to us by name, as only who has heard us can. */
  answered(address: string, isOwnHost: boolean): void {
    if (isOwnHost || this.#addresses.has(address)) this.#isMade = true;
  }

  /** Whether so many datagrams of so many octets each may be sent to it now; they count as sent. */
  admits(datagrams: number, bytes: number): boolean {
    if (this.#isMade) return true;
    if (this.#left < datagrams || this.#bytesLeft < datagrams * bytes) return false;
    this.#left -= datagrams;
    this.#bytesLeft -= datagrams * bytes;
    return true;
  }
}
