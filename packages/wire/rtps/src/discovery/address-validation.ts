/** Maximum datagrams sent to a participant before it has answered. */
const MAX_UNVALIDATED_DATAGRAMS = 6;
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
export const UNVALIDATED_LEASE_MS = 40_000;

/**
 * Verifies that a participant receives our datagrams, and limits what is sent to it until then. An announcement may
 * name addresses that its sender does not own. The limits prevent it from directing much traffic to such an address.
 */
export class AddressValidation {
  #addresses: ReadonlySet<string>;
  #isValidated = false;
  #left = MAX_UNVALIDATED_DATAGRAMS;
  #bytesLeft = 0;

  /** `addresses` are the locators in the announcement, `announcementBytes` its size in octets. */
  constructor(addresses: ReadonlySet<string>, announcementBytes: number) {
    this.#addresses = addresses;
    this.#bytesLeft = BYTES_PER_BYTE * announcementBytes;
  }

  get isValidated(): boolean {
    return this.#isValidated;
  }

  /** Extends the allowance after another announcement. Octets left over from the last announcement are not added. */
  announced(bytes: number): void {
    this.#left = Math.min(MAX_UNVALIDATED_DATAGRAMS, this.#left + PER_ANNOUNCEMENT);
    this.#bytesLeft = Math.max(this.#bytesLeft, BYTES_PER_BYTE * bytes);
  }

  /** Starts over after the participant announced other addresses, which it may not own either. */
  restart(addresses: ReadonlySet<string>, announcementBytes: number): void {
    this.#addresses = addresses;
    this.#isValidated = false;
    this.announced(announcementBytes);
  }

  /**
   * Records a message from `address` that is addressed to us by GUID. Only a participant that received ours can send
   * one.
   */
  answered(address: string, isLocalHost: boolean): void {
    if (isLocalHost || this.#addresses.has(address)) this.#isValidated = true;
  }

  /** Returns whether the datagrams, of `bytes` octets each, may be sent now. If so, they count as sent. */
  admits(datagrams: number, bytes: number): boolean {
    if (this.#isValidated) return true;
    if (this.#left < datagrams || this.#bytesLeft < datagrams * bytes) return false;
    this.#left -= datagrams;
    this.#bytesLeft -= datagrams * bytes;
    return true;
  }
}
