import { BlockList, isIP } from 'node:net';

/** Addresses and ranges of them. Those of IPv4 are also the mapped ones of IPv6: `::ffff:10.0.0.1` is `10.0.0.1`. */
export class AddressRanges {
  readonly #list = new BlockList();

  /** Adds what `10.0.0.0/8`, `fd00::/8` or a single address names; false where `text` is nothing of that. */
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

/** Whether `text` is an address as resolvers and URLs write it, without brackets. */
export const isAddress = (text: string): boolean => isIP(withoutZone(text)) !== 0;

/** The zone of a link-local address (`%eth0`) is no part of the address. */
const withoutZone = (text: string): string => text.split('%', 1)[0] ?? '';
