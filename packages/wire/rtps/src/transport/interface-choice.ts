import type { NetworkInterface } from '@medkit/edges';

/** None of the requested interfaces exists. */
export class NoSuchInterface extends Error {
  override readonly name = 'NoSuchInterface';
}

/**
 * Returns the interfaces to use: those requested by name or address. If none is requested: all except loopback, or
 * loopback if there is no other. Throws `NoSuchInterface` if a requested one does not exist.
 */
export function chooseInterfaces(
  available: readonly NetworkInterface[],
  wanted: readonly string[] | undefined,
): readonly NetworkInterface[] {
  if (wanted && wanted.length > 0) {
    const chosen = new Set<NetworkInterface>();
    for (const name of wanted) {
      const found = available.filter((candidate) => candidate.name === name || candidate.address === name);
      if (found.length === 0) {
        const known = available.map((candidate) => `${candidate.name} (${candidate.address})`).join(', ');
        throw new NoSuchInterface(`no network interface "${name}" with an IPv4 address; there are: ${known}`);
      }
      for (const one of found) chosen.add(one);
    }
    return [...chosen];
  }
  const external = available.filter((candidate) => !candidate.loopback);
  const chosen = external.length > 0 ? external : available;
  if (chosen.length === 0) throw new NoSuchInterface('this machine has no IPv4 address');
  return chosen;
}
