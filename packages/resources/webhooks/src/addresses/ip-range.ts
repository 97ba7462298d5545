import { type IpAddress, ipAddress, MAPPED_BITS } from './ip-address.ts';

/** All addresses with the same first bits. */
export interface IpRange {
  readonly first: IpAddress;
  /** Of 128. */
  readonly prefixBits: number;
}

const ADDRESS_BITS = 128;

/** What `10.0.0.0/8`, `fd00::/8` or a single address names; `undefined` for anything else. */
export function ipRange(text: string): IpRange | undefined {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const first = ipAddress(address);
  if (first === undefined) return undefined;
  const skipped = address.includes(':') ? 0 : MAPPED_BITS;
  const prefixBits = length === undefined ? ADDRESS_BITS : skipped + Number(length);
  return prefixBits <= ADDRESS_BITS ? { first, prefixBits } : undefined;
}

/** Whether `address` is one of `range`. */
export function isWithin({ first, prefixBits }: IpRange, address: IpAddress): boolean {
  const rest = BigInt(ADDRESS_BITS - prefixBits);
  return address >> rest === first >> rest;
}
