import type { NetworkInterface } from '@medkit/edges';

/** Converts a dotted quad to a number. */
function ipv4Number(address: string): number {
  let value = 0;
  for (const octet of address.split('.')) value = value * 256 + Number(octet);
  return value;
}

export const isLoopback = (address: string): boolean => address.startsWith('127.');

/** Returns whether an address lies in the network of an interface. */
export function isOnLink(address: string, { address: networkAddress, netmask }: NetworkInterface): boolean {
  const mask = ipv4Number(netmask);
  // Bitwise operators use signed 32-bit numbers; only equality matters here.
  return (ipv4Number(address) & mask) === (ipv4Number(networkAddress) & mask);
}

/** Returns whether the address can belong to a host: not 0.x, not multicast, not broadcast. */
export function isHostAddress(address: string): boolean {
  const first = ipv4Number(address) / 2 ** 24;
  return first >= 1 && first < 224;
}
