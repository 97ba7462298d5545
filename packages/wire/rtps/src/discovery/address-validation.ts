/** Maximum datagrams sent to a participant before it has answered. */
const MAX_TO_STRANGER = 6;
/**
 * Datagrams that each further announcement adds to the allowance, up to that maximum. The participant may not have been
 * listening when the first answers were sent.
 */
const PER_ANNOUNCEMENT = 2;
/**
 * Octets sent per octet of announcement before the participant has answered. QUIC allows the same factor towards an
 * unverified address (RFC 9000, 8.1).
 */
const BYTES_PER_BYTE = 3;

/**
 * Maximum lease of a participant that only announces itself, whatever lease it claims. Both stacks announce every 30 s.
 */
export const STRANGER_LEASE_MS = 40_000;

/**
 * Verifies that a participant receives our datagrams, and limits what is sent to it until then. An announcement may
 * name addresses that its sender does not own. The limits prevent it from directing much traffic to such an address.
 */
export class Acquaintance {
  #addresses: ReadonlySet<string>;
  #isMade = false;
  #left = MAX_TO_STRANGER;
  #bytesLeft = 0;

  /** `addresses` are the locators in the announcement, `announcementBytes` its size in octets. */
  constructor(addresses: ReadonlySet<string>, announcementBytes: number) {
    this.#addresses = addresses;
    this.#bytesLeft = BYTES_PER_BYTE * announcementBytes;
  }

  get isMade(): boolean {
    return this.#isMade;
  }

  /** Extends the allowance after another announcement. Octets left over from the last announcement are not added. */
  announced(bytes: number): void {
    this.#left = Math.min(MAX_TO_STRANGER, this.#left + PER_ANNOUNCEMENT);
    this.#bytesLeft = Math.max(this.#bytesLeft, BYTES_PER_BYTE * bytes);
  }

  /** Starts over after the participant announced other addresses, which it may not own either. */
  restart(addresses: ReadonlySet<string>, announcementBytes: number): void {
    this.#addresses = addresses;
    this.#isMade = false;
    this.announced(announcementBytes);
  }

  /**
   * Records a message from `address` that is addressed to us by GUID. Only a participant that received ours can send
   * one.
   */
  answered(address: string, isOwnHost: boolean): void {
    if (isOwnHost || this.#addresses.has(address)) this.#isMade = true;
  }

  /** Returns whether the datagrams, of `bytes` octets each, may be sent now. If so, they count as sent. */
  admits(datagrams: number, bytes: number): boolean {
    if (this.#isMade) return true;
    if (this.#left < datagrams || this.#bytesLeft < datagrams * bytes) return false;
    this.#left -= datagrams;
    this.#bytesLeft -= datagrams * bytes;
    return true;
  }
}
