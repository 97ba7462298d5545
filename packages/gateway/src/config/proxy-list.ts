import { BlockList, isIP } from 'node:net';

/** Address length in bits, for IPv4 and IPv6. */
const MAX_BITS = { 4: 32, 6: 128 } as const;

/** Name of a network interface on Linux. */
const INTERFACE = /^[A-Za-z][\w.@-]{0,14}$/;

/** Returns one refusal for each invalid entry in this list of addresses and networks. */
export function proxyRefusals(list: readonly string[]): readonly string[] {
  return list.flatMap((entry) => {
    const found = networkOf(entry);
    if (found === undefined) {
      return [`server.trusted_proxies: "${entry}" is neither an IP address nor a network such as 10.0.8.0/24`];
    }
    return found.bits > 0
      ? []
      : [`server.trusted_proxies: ${entry} includes every address, so every client could forge its address`];
  });
}

/**
 * Returns one refusal for each invalid entry in the list of networks whose gateways need no approval; an entry may name
 * an interface.
 */
export function peerNetworkRefusals(
  list: readonly string[],
  { allowsAll = false }: { readonly allowsAll?: boolean } = {},
): readonly string[] {
  return list.flatMap((entry) => {
    const found = networkOf(entry);
    if (found ? found.bits > 0 || allowsAll : INTERFACE.test(entry)) return [];
    const what = found
      ? 'includes every network'
      : 'is neither a network such as 10.0.8.0/24 nor the name of an interface';
    return [`aggregation.trusted_networks: "${entry}" ${what}`];
  });
}

/** Returns a function that checks whether an address is on the list. */
export function proxyList(list: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const entry of list) {
    const found = networkOf(entry);
    if (found) trusted.addSubnet(found.address, found.bits, found.family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
}

function networkOf(entry: string) {
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0 || address.includes('%')) return undefined;
  const most = MAX_BITS[version as 4 | 6];
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most)) return undefined;
  const family = version === 6 ? ('ipv6' as const) : ('ipv4' as const);
  return { address, family, bits: bits === undefined ? most : Number(bits) };
}
