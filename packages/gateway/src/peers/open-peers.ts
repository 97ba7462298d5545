import type { Log } from '@medkit/core';
import type { Clock, Files, HttpStreams, Names } from '@medkit/edges';
import type { DirectGateways, PeerRuntime } from '@medkit/peer';
import type { GatewayConfig } from '../config/index.ts';

export interface OpenPeersOptions {
  readonly config: Pick<GatewayConfig, 'aggregation'>;
  /** The name of this gateway that no other one has. */
  readonly gateway: string;
  /** Names of runtimes that are there. */
  readonly taken: readonly string[];
  readonly files: Pick<Files, 'readText'>;
  readonly http: HttpStreams;
  readonly names: Names;
  readonly clock: Clock;
  readonly log: Log;
}

/** The other gateways whose entities are shown. */
export interface GatewayPeers {
  readonly runtimes: readonly PeerRuntime[];
}

/** The peers of the configuration; `undefined` where there are to be none. What speaks to them is loaded only where there are. */
export async function openPeers(options: OpenPeersOptions): Promise<GatewayPeers | undefined> {
  const { config, taken, log } = options;
  const { enabled, peer_urls, peer_names, peer_token_files, require_tls, forward_auth, timeout_ms } =
    config.aggregation;
  if (!enabled) return undefined;
  if (peer_urls.every((url) => url === '') && peer_names.every((name) => name === '')) {
    log(
      'warn',
      'aggregation.enabled is on and there is no peer: name some in aggregation.peer_urls and aggregation.peer_names',
    );
    return { runtimes: [] };
  }
  if (forward_auth && !require_tls) {
    log('warn', 'aggregation.forward_auth passes tokens on in clear to peers over http: set aggregation.require_tls');
  }
  const { peerRuntime, staticPeers } = await import('@medkit/peer');
  const settings = {
    urls: peer_urls,
    names: peer_names,
    tokenFiles: peer_token_files,
    requireTls: require_tls,
    taken,
  };
  const peers = await staticPeers(settings, options);
  const direct: DirectGateways = new Map();
  const runtimes = peers.map((peer) =>
    peerRuntime({ ...options, peer, direct, timeoutMs: timeout_ms, forwardsAuthorization: forward_auth }),
  );
  return { runtimes };
}
