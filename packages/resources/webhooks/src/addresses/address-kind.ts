import { AddressRanges } from './address-ranges.ts';

/** Ranges outside the public Internet, from the registries of special-purpose addresses (RFC 6890). */
const SPECIAL: readonly (readonly [kind: string, ranges: readonly string[]])[] = [
  ['an unspecified', ['0.0.0.0/8', '::/128']],
  ['a loopback', ['127.0.0.0/8', '::1/128']],
  ['a private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10']],
  ['a link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['a multicast', ['224.0.0.0/4', 'ff00::/8']],
  // Tunnels and translators: their destination is unknown.
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
/** Prefix of IPv4 addresses translated for IPv6-only networks (RFC 6052); each is classified by its IPv4 address. */
const NAT64_PREFIX = '64:ff9b::';
const NAT64_BITS = 96;

const RANGES = SPECIAL.map(([kind, ranges]) => [kind, rangesOf(ranges)] as const);
/** IPv4, and the IPv6 range assigned for public use. */
const PUBLIC = rangesOf(['0.0.0.0/0', '2000::/3']);

/** Returns the kind of a non-public `address`: `a private`, `a loopback`, …; `undefined` for a public one. */
export function nonPublicKind(address: string): string | undefined {
  const special = RANGES.find(([, ranges]) => ranges.has(address));
  if (special) return special[0];
  return PUBLIC.has(address) ? undefined : 'a reserved';
}

function rangesOf(texts: readonly string[]): AddressRanges {
  const ranges = new AddressRanges();
  for (const text of texts) {
    const [address, length] = text.split('/');
    const all = text.includes(':') ? [text] : [text, `${NAT64_PREFIX}${address}/${NAT64_BITS + Number(length)}`];
    for (const range of all) if (!ranges.add(range)) throw new Error(`${range} is not an address range`);
  }
  return ranges;
}
