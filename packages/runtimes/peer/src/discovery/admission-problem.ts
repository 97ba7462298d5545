import { BlockList, isIP } from 'node:net';
import type { Scope } from './local-link.ts';

/**
 * Addresses that are not accepted from announcements: those of the machine itself, and link-local ones used by cloud
 * services.
 */
const NO_PEER = new BlockList();
for (const [address, bits, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const) {
  NO_PEER.addSubnet(address, bits, family);
}
const THIS_MACHINE = new BlockList();
THIS_MACHINE.addSubnet('127.0.0.0', 8, 'ipv4');

/** Returns why a discovered gateway must not even be offered for approval; `undefined` if it may be. */
export function admissionProblem(
  text: string,
  { requireTls, scope }: { readonly requireTls: boolean; readonly scope: Scope },
): string | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return 'its address is not an http or https address';
  if (requireTls && url.protocol === 'http:') return 'aggregation.require_tls is on, but its address uses http';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  // A name could resolve to any machine, and to a different one later.
  if (family === 0) return 'its URL contains a host name instead of an IP address';
  const within = (list: BlockList): boolean => list.check(host, family === 6 ? 'ipv6' : 'ipv4');
  const isAllowed = scope === 'loopback' ? within(THIS_MACHINE) : !within(NO_PEER);
  return isAllowed ? undefined : `${host} is not an address of another machine on the network`;
}
