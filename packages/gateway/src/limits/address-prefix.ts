/** Groups of an IPv6 address that tell one network from another: 64 bits of 128. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * What stands for whoever is at an address: an IPv4 address as it is; of an IPv6 address its first 64 bits, as whoever has one
 * address has all others behind these, too (RFC 6177). Empty for a client whose connection has closed: Node gives no address then.
 */
export function addressPrefix(address: string | undefined): string {
  if (address === undefined) return '';
  if (!address.includes(':')) return address;
  // As a socket that listens for both shows an IPv4 address (RFC 4291, 2.5.5.2).
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [plain = ''] = address.split('%', 1);
  const [before = [], tail] = plain.split('::', 2).map(groupsOf);
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - tail.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])].slice(0, NETWORK_GROUPS);
  while (groups.at(-1) === '0') groups.pop();
  return `${groups.join(':')}::/64`;
}

/** The groups of 16 bits, in their shortest form. An IPv4 address at the end is two of them, which nobody looks at. */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : [group.toLowerCase().replace(/^0+(?=.)/, '')]));
}
