import type { RosEnvironment } from './environment.ts';

/** Returns the addresses of all static peers, and one sentence for each name that could not be resolved. */
export async function resolvePeers(
  { peers, peerNames }: Pick<RosEnvironment, 'peers' | 'peerNames'>,
  resolveHost: (name: string) => Promise<string | undefined> = async () => undefined,
): Promise<{ readonly peers: readonly string[]; readonly unresolved: readonly string[] }> {
  const resolved = await Promise.all(peerNames.map(async (name) => ({ name, address: await resolveHost(name) })));
  return {
    peers: [...new Set([...peers, ...resolved.flatMap(({ address }) => address ?? [])])],
    unresolved: resolved
      .filter(({ address }) => address === undefined)
      .map(({ name }) => `ROS_STATIC_PEERS: the address of ${name} could not be found.`),
  };
}
