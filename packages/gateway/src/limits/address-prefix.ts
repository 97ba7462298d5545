/** Number of 16-bit groups of an IPv6 address that identify the network: 64 bits of 128. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * Returns the part of an address that identifies a client: an IPv4 address unchanged, of an IPv6 address the first 64
 * bits, since a client usually controls all addresses in its /64 (RFC 6177). Returns an empty text for a closed
 * connection: Node has no address then.
 */
export function addressPrefix(address: string | undefined): string {
  if (address === undefined) return '';
  if (!address.includes(':')) return address;
  // IPv4 addresses on a dual-stack socket (RFC 4291, 2.5.5.2).
  const [, mapped] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [plain = ''] = address.split('%', 1);
  const [before = [], tail] = plain.split('::', 2).map(groupsOf);
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - tail.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])].slice(0, NETWORK_GROUPS);
  while (groups.at(-1) === '0') groups.pop();
  return `${groups.join(':')}::/64`;
}

/**
 * Splits text into 16-bit groups in their shortest form. An IPv4 suffix counts as two groups, whose values are not
 * used.
 */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : [group.toLowerCase().replace(/^0+(?=.)/, '')]));
}
