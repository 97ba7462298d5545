/**
 * An IP address as a number of 128 bits. Those of IPv4 are the mapped ones of IPv6 (`::ffff:0:0/96`), so that one address
 * has one number, however it is written.
 */
export type IpAddress = bigint;

/** Bits in front of an IPv4 address. */
export const MAPPED_BITS = 96;
const MAPPED = 0xffffn << 32n;
const IPV6_GROUPS = 8;

/** The number of an address as resolvers and URLs write it, without brackets; `undefined` for anything else. */
export function ipAddress(text: string): IpAddress | undefined {
  const v4 = ipv4(text);
  if (v4 !== undefined) return MAPPED | v4;
  // The zone of a link-local address (`%eth0`) is no part of the address.
  const [bare = ''] = text.split('%');
  return bare.includes(':') ? ipv6(bare) : undefined;
}

function ipv4(text: string): bigint | undefined {
  const [, ...octets] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text) ?? [];
  if (octets.length === 0 || octets.some((octet) => Number(octet) > 255)) return undefined;
  return octets.reduce((number, octet) => (number << 8n) | BigInt(octet), 0n);
}

function ipv6(text: string): bigint | undefined {
  const [, front = text, embedded] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const tail = embedded === undefined ? undefined : ipv4(embedded);
  if (embedded !== undefined && tail === undefined) return undefined;
  const whole = tail === undefined ? text : `${front}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const halves = whole.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = IPV6_GROUPS - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}
