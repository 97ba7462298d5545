import { BlockList, isIP } from 'node:net';

/**
 * A set of addresses and ranges. An IPv4 range also covers the mapped IPv6 addresses: `::ffff:10.0.0.1` is `10.0.0.1`.
 */
export class AddressRanges {
  readonly #list = new BlockList();

  /** Adds `10.0.0.0/8`, `fd00::/8` or a single address. Returns false if `text` is neither. */
  add(text: string): boolean {
    const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const address = withoutZone(written);
    const family = isIP(address);
    const bits = family === 6 ? 128 : 32;
    const prefix = length === undefined ? bits : Number(length);
    if (family === 0 || prefix > bits) return false;
    this.#list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
    return true;
  }

  has(address: string): boolean {
    const text = withoutZone(address);
    return this.#list.check(text, isIP(text) === 6 ? 'ipv6' : 'ipv4');
  }
}

/** Returns whether `text` is an IP address in the notation of resolvers and URLs, without brackets. */
export const isAddress = (text: string): boolean => isIP(withoutZone(text)) !== 0;

/** Removes the zone of a link-local address (`%eth0`), which is not part of the address. */
const withoutZone = (text: string): string => text.split('%', 1)[0] ?? '';
