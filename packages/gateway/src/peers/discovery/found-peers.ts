import { SovdError } from '@medkit/contract';
import { errorMessage, quotaBlock, type RuntimeHealth } from '@medkit/core';
import { type PeerAddress, type PeerRuntime, peerRuntime } from '@medkit/peer';
import { discoveredKeys, discoveredPeers, type PendingPeer, type Scope } from '@medkit/peer/discovery';
import { approvalStorage } from './approval-storage.ts';
import type { DiscoverPeersOptions, FoundPeers } from './peer-discovery.ts';

/** Maximum names in a warning. */
const MAX_LISTED = 10;

/** Properties of addresses. */
export interface KnownAddresses {
  /** Returns whether an address belongs to this machine. */
  readonly isLocalAddress: (address: string) => boolean;
  /** Returns whether gateways at an address need no approval. */
  readonly isTrusted: (address: string) => boolean;
}

/** Shows discovered gateways that are approved, know their token, or are on a trusted network. */
export async function openFoundPeers(
  options: DiscoverPeersOptions,
  scope: Scope,
  { isLocalAddress, isTrusted }: KnownAddresses,
): Promise<FoundPeers> {
  const { config, gateway, model, direct, clock, database, log, staticUrls, port: localPort } = options;
  const { peer_urls, peer_names, peer_token_files, require_tls, max_discovered_peers, timeout_ms } = config.aggregation;
  const storage = approvalStorage(database, log);
  const approved = await storage.load();
  const entries = { urls: peer_urls, names: peer_names, tokenFiles: peer_token_files };
  const keys = await discoveredKeys(entries, options);
  const active = new Map<string, PeerRuntime>();

  const show = (peer: PeerAddress): void => {
    const runtime = peerRuntime({ ...options, peer, direct, timeoutMs: timeout_ms, forwardsAuthorization: false });
    active.set(peer.name, runtime);
    model.add(runtime).catch((error: unknown) => {
      log('error', `The gateway ${peer.name} cannot be shown: ${errorMessage(error)}`);
    });
  };
  const hide = (name: string): void => {
    active.delete(name);
    for (const [instance, by] of direct) if (by.name === name) direct.delete(instance);
    model.remove(name).catch((error: unknown) => {
      log('error', `Cannot close the connection to the gateway ${name}: ${errorMessage(error)}`);
    });
  };
  const gateways = discoveredPeers({
    instance: gateway,
    isLocalGateway: (address, port) => port === localPort && isLocalAddress(address),
    isTaken: (name) => model.runtimes.includes(name),
    staticUrls,
    scheme: schemeOf(options),
    requireTls: require_tls,
    scope,
    maxPeers: max_discovered_peers,
    keys,
    approved,
    isTrusted,
    show,
    hide,
    clock,
    log,
  });

  return {
    gateways,
    runtimes: () => [...active.values()],
    absent: () =>
      [...approved].flatMap(([name, url]) =>
        gateways.urlOf(name) === undefined ? [{ name, url, why: 'it is approved, but does not announce itself' }] : [],
      ),
    health: () => ({
      warnings: pendingWarning(gateways.pending()),
      blocks: quotaBlock({ found_gateways: gateways }),
    }),
    approve: async (name, url, principal) => {
      const at = gateways.urlOf(name);
      if (at === undefined) throw notFound(`No gateway with the name ${name} was found on the network`);
      if (at !== url) {
        const message = `The gateway ${name} is at ${at}, not at ${url}: check that it is the right gateway`;
        throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { name, url: at } });
      }
      await storage.put({ name, url, approvedMs: clock.wallMs(), principal });
      approved.set(name, url);
      gateways.judge(name);
    },
    forget: async (name) => {
      if (!approved.has(name)) throw notFound(`No gateway with the name ${name} is approved`);
      await storage.remove(name);
      approved.delete(name);
      gateways.judge(name);
    },
  };
}

function schemeOf({ config, log }: DiscoverPeersOptions): 'http' | 'https' {
  const { peer_scheme, require_tls } = config.aggregation;
  const scheme = peer_scheme === 'https' ? 'https' : 'http';
  if (peer_scheme !== scheme)
    log('error', `aggregation.peer_scheme is "${peer_scheme}", which is neither http nor https: http is used`);
  if (scheme === 'https') return scheme;
  log(
    'warn',
    require_tls
      ? 'aggregation.require_tls is on and aggregation.peer_scheme is http: no discovered gateway can be shown'
      : 'Connections to discovered gateways use http and are not encrypted. Set aggregation.peer_scheme to https',
  );
  return scheme;
}

function pendingWarning(pending: readonly PendingPeer[]): RuntimeHealth['warnings'] {
  if (pending.length === 0) return [];
  const listed = pending.slice(0, MAX_LISTED).map(({ name, url, why }) => `${name} at ${url}, ${why}`);
  const more = pending.length > MAX_LISTED ? `; and ${pending.length - MAX_LISTED} more` : '';
  const message = `Gateways were discovered on the network but are not shown: ${listed.join('; ')}${more}. To show one: medkit peers approve <name>`;
  return [{ code: 'peer_pending', message, peerNames: pending.map(({ name }) => name) }];
}

function notFound(message: string): SovdError {
  return new SovdError({ code: 'resource-not-found', message });
}
