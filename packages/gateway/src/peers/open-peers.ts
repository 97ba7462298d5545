import type { HttpStreams, Names } from '@medkit/edges';
import type { DirectGateways, InstanceMemory, PeerAddress, PeerRuntime } from '@medkit/peer';
import type { DiscoverOptions, OpenPeersOptions, PeerDiscovery } from './discovery/peer-discovery.ts';

/** The peers of this gateway. */
export interface GatewayPeers {
  /** Configured peers in their order, then robots of the fleet, then discovered ones that were admitted. */
  readonly runtimes: readonly PeerRuntime[];
  /** Absent if this gateway neither discovers peers nor announces itself. */
  readonly discovery?: PeerDiscovery | undefined;
}

/** The configured peers, with discovery of others. */
export interface OpenPeers extends GatewayPeers {
  /** Discovers peers and announces this gateway, as configured, until it is closed. Logs failures. */
  discover(options: DiscoverOptions): Promise<void>;
  /** Adds a peer that is reached by other means than the network. Add the returned runtime to the model. */
  join(peer: PeerAddress, by: { readonly http: HttpStreams; readonly names: Names }): Promise<PeerRuntime>;
  /** Removes a peer that was added. */
  leave(name: string): void;
  close(): Promise<void>;
}

/** Opens the configured peers; returns `undefined` if aggregation is disabled. Loads the HTTP client only if needed. */
export async function openPeers(options: OpenPeersOptions): Promise<OpenPeers | undefined> {
  const { aggregation, fleet } = options.config;
  const { enabled, peer_urls, peer_names, announce, discover } = aggregation;
  const isMerged = fleet.enabled && fleet.merged_tree;
  if (!enabled && !isMerged) {
    if (announce || discover) {
      options.log(
        'warn',
        'aggregation.announce and aggregation.discover have no effect while aggregation.enabled is off',
      );
    }
    return undefined;
  }
  const named = peer_urls.some((url) => url !== '') || peer_names.some((name) => name !== '');
  if (!named && !announce && !discover && !isMerged) {
    options.log(
      'warn',
      'aggregation.enabled is on, but no peer is configured: set aggregation.peer_urls and aggregation.peer_names, or aggregation.discover',
    );
  }
  const direct: DirectGateways = new Map();
  let configured: readonly PeerRuntime[] = [];
  let discovery: PeerDiscovery | undefined;
  const added = new Map<string, PeerRuntime>();
  const runtimes = () => [...configured, ...added.values(), ...(discovery?.found?.runtimes() ?? [])];
  const isPeer = (peer: string): boolean => runtimes().some(({ name }) => name === peer);
  const { database } = options;
  let instances: InstanceMemory | undefined;
  if (database) {
    const { openInstanceMemory } = await import('./instance-memory.ts');
    instances = await openInstanceMemory({ ...options, database, isPeer });
  }
  if (named) configured = await staticRuntimes(options, direct, instances);
  return {
    get runtimes() {
      return runtimes();
    },
    get discovery() {
      return discovery;
    },
    discover: async (by) => {
      if (!announce && !discover) return;
      const { discoverPeers } = await import('./discovery/discover-peers.ts');
      const staticUrls = configured.map((peer) => peer.peerState().url);
      const http = await options.http();
      discovery = await discoverPeers({ ...options, ...by, http, direct, instances, staticUrls });
    },
    join: async (peer, by) => {
      const { peerRuntime } = await import('@medkit/peer');
      const { timeout_ms: timeoutMs } = aggregation;
      const runtime = peerRuntime({
        ...options,
        ...by,
        peer,
        direct,
        instances,
        timeoutMs,
        forwardsAuthorization: false,
      });
      added.set(peer.name, runtime);
      return runtime;
    },
    leave: (name) => void added.delete(name),
    close: async () => {
      await discovery?.close();
      await instances?.close();
    },
  };
}

async function staticRuntimes(
  options: OpenPeersOptions,
  direct: DirectGateways,
  instances: InstanceMemory | undefined,
): Promise<readonly PeerRuntime[]> {
  const { peer_urls, peer_names, peer_token_files, peer_auth_header, require_tls, forward_auth, timeout_ms, discover } =
    options.config.aggregation;
  if (forward_auth && !require_tls) {
    options.log(
      'warn',
      'aggregation.forward_auth sends tokens unencrypted to peers that use http: set aggregation.require_tls',
    );
  }
  const { peerRuntime, staticPeers } = await import('@medkit/peer');
  const settings = {
    urls: peer_urls,
    names: peer_names,
    tokenFiles: peer_token_files,
    authHeader: peer_auth_header,
    requireTls: require_tls,
    discovers: discover,
    taken: options.taken,
  };
  const peers = await staticPeers(settings, options);
  const http = await options.http();
  return peers.map((peer) =>
    peerRuntime({
      ...options,
      http,
      peer,
      direct,
      instances,
      timeoutMs: timeout_ms,
      forwardsAuthorization: forward_auth,
    }),
  );
}
