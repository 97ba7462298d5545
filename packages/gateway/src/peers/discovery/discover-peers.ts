import { errorMessage } from '@medkit/core';
import type { NetworkInterface } from '@medkit/edges';
import {
  type Announcer,
  type Browser,
  isOnNetwork,
  type LocalLink,
  openAnnouncer,
  openBrowser,
  openLocalLink,
} from '@medkit/peer/discovery';
import { proxyList } from '../../config/index.ts';
import { announcement, discoveryScope } from './announcement.ts';
import { openFoundPeers } from './found-peers.ts';
import type { DiscoverPeersOptions, PeerDiscovery } from './peer-discovery.ts';

/** Remembered services for each admissible peer: a gateway may change its name or address. */
const SERVICES_PER_PEER = 4;

/**
 * Discovers gateways on the local networks and announces this one, as configured. Returns `undefined` if discovery is
 * off or not possible; this is logged, and the gateway continues without it.
 */
export async function discoverPeers(options: DiscoverPeersOptions): Promise<PeerDiscovery | undefined> {
  const { config, environment, datagrams, clock, log } = options;
  const { announce, discover, mdns_service: type } = config.aggregation;
  const scope = discoveryScope(environment);
  if (scope === undefined) {
    log('warn', 'ROS_AUTOMATIC_DISCOVERY_RANGE is OFF: gateways are not discovered, and this gateway is not announced');
    return undefined;
  }
  let announcer: Announcer | undefined;
  let browser: Browser | undefined;
  let link: LocalLink;
  try {
    const listener = {
      heard: (...args: Parameters<Announcer['heard']>) => {
        announcer?.heard(...args);
        browser?.heard(...args);
      },
      joined: (on: NetworkInterface) => {
        announcer?.joined(on);
        browser?.joined(on);
      },
    };
    link = await openLocalLink({ datagrams, clock, scope, type, listener, log });
  } catch (error) {
    log('error', `Gateways are not discovered, and this gateway is not announced: ${errorMessage(error)}`);
    return undefined;
  }
  if (announce) announcer = openAnnouncer({ ...options, ...announcement(options, scope), link, type });
  const found = discover
    ? await openFoundPeers(options, scope, {
        isLocalAddress: (candidate) => link.interfaces.some(({ address }) => address === candidate),
        isTrusted: trustedNetworks(config.aggregation.trusted_networks, () => link.interfaces),
      })
    : undefined;
  if (found) {
    const { gateways } = found;
    const maxServices = SERVICES_PER_PEER * config.aggregation.max_discovered_peers;
    browser = openBrowser({
      ...options,
      link,
      type,
      maxServices,
      onFound: (service) => gateways.found(service),
      onGone: (service, reason) => gateways.gone(service, reason),
    });
  }
  return {
    state: () => ({
      service: type,
      announcedAs: announcer?.label,
      interfaces: link.interfaces.map(({ address }) => address),
      dropped: { ...link.dropped, ...browser?.dropped, ...found?.gateways.refused },
    }),
    found,
    close: async () => {
      browser?.close();
      announcer?.close();
      await link.close();
    },
  };
}

/**
 * Returns whether gateways at an address need no approval: the list contains its network, or the interface on its
 * network.
 */
export function trustedNetworks(
  list: readonly string[],
  interfaces: () => readonly NetworkInterface[],
): (address: string) => boolean {
  if (list.length === 0) return () => false;
  const isListed = proxyList(list);
  return (address) =>
    isListed(address) || interfaces().some((local) => list.includes(local.name) && isOnNetwork(local, address));
}
