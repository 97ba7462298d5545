import { type IpAddress, MAPPED_BITS } from './ip-address.ts';
import { type IpRange, ipRange, isWithin } from './ip-range.ts';

/** Ranges that are no part of the public Internet, by the registries of special-purpose addresses (RFC 6890). */
const SPECIAL: readonly (readonly [kind: string, ranges: readonly string[]])[] = [
  ['an unspecified', ['0.0.0.0/8', '::/128']],
  ['a loopback', ['127.0.0.0/8', '::1/128']],
  ['a private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10']],
  ['a link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['a multicast', ['224.0.0.0/4', 'ff00::/8']],
  // Tunnels and translators: where they lead to is not known here.
  ['a translated', ['2002::/16', '2001::/32', '64:ff9b:1::/48', '192.88.99.0/24']],
  [
    'a reserved',
    [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
      '2001::/23',
      '2001:db8::/32',
      '3fff::/20',
    ],
  ],
];
const RANGES = SPECIAL.map(([kind, ranges]) => [kind, ranges.map(known)] as const);
const MAPPED = known('::ffff:0:0/96');
/** IPv6 that is in public use at all. */
const GLOBAL = known('2000::/3');
/** An IPv4 address behind a translator of networks that have only IPv6 (RFC 6052). */
const NAT64 = known('64:ff9b::/96');

/** What `address` is where it is no public one: `a private`, `a loopback`, …; `undefined` for a public one. */
export function notPublic(address: IpAddress): string | undefined {
  if (isWithin(NAT64, address)) return notPublic(MAPPED.first | (address & ((1n << BigInt(128 - MAPPED_BITS)) - 1n)));
  const special = RANGES.find(([, ranges]) => ranges.some((range) => isWithin(range, address)));
  if (special) return special[0];
  return isWithin(MAPPED, address) || isWithin(GLOBAL, address) ? undefined : 'a reserved';
}

function known(text: string): IpRange {
  const range = ipRange(text);
  if (!range) throw new Error(`${text} is no range of addresses`);
  return range;
}
