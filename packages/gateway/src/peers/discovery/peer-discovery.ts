import type { Log, Model, RuntimeHealth } from '@medkit/core';
import type { Clock, Datagrams, Files, HttpStreams, Names, Random } from '@medkit/edges';
import type { DirectGateways, InstanceMemory, PeerRuntime } from '@medkit/peer';
import type { DiscoveredPeers, PendingPeer } from '@medkit/peer/discovery';
import type { Environment, GatewayConfig } from '../../config/index.ts';
import type { GatewayDatabase } from '../../database/lazy-store.ts';

export interface OpenPeersOptions {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'fleet'>;
  /** Instance name of this gateway. */
  readonly gateway: string;
  /** Names of existing runtimes. */
  readonly taken: readonly string[];
  /** Stores which instance each peer is. Without it, the first peer that claims an instance has it after each start. */
  readonly database?: GatewayDatabase | undefined;
  readonly files: Pick<Files, 'readText'>;
  /** Loads the HTTP client. */
  readonly http: () => Promise<HttpStreams>;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Options that are known once the gateway listens. */
export interface DiscoverOptions {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'server'>;
  readonly environment: Environment;
  readonly model: Pick<Model, 'add' | 'remove' | 'runtimes'>;
  readonly database: GatewayDatabase;
  /** Port on which this gateway listens. */
  readonly port: number;
  readonly machineName: string;
  readonly datagrams: Datagrams;
  readonly random: Random;
}

export interface DiscoverPeersOptions extends Omit<OpenPeersOptions, 'http' | 'database' | 'config'>, DiscoverOptions {
  readonly http: HttpStreams;
  readonly config: Pick<GatewayConfig, 'aggregation' | 'server'>;
  readonly direct: DirectGateways;
  readonly instances: InstanceMemory | undefined;
  /** Addresses of the configured peers. */
  readonly staticUrls: readonly string[];
}

/** State of discovery, for clients. */
export interface DiscoveryState {
  readonly service: string;
  readonly announcedAs: string | undefined;
  /** Own addresses on the watched networks. */
  readonly interfaces: readonly string[];
  readonly dropped: Readonly<Record<string, number>>;
}

/** Discovery of peers, and announcement of this gateway. */
export interface PeerDiscovery {
  readonly state: () => DiscoveryState;
  /** Absent if this gateway only announces itself. */
  readonly found: FoundPeers | undefined;
  close(): Promise<void>;
}

/** Discovered gateways and the decisions about them. */
export interface FoundPeers {
  readonly gateways: DiscoveredPeers;
  /** Returns the admitted ones. */
  runtimes(): readonly PeerRuntime[];
  /** Returns approved gateways that were not discovered. */
  absent(): readonly PendingPeer[];
  health(): RuntimeHealth;
  /**
   * Admits a gateway at the address where the user saw it. Throws `resource-not-found`, `precondition-not-fulfilled` if
   * its address has changed, or `service-unavailable`.
   */
  approve(name: string, url: string, principal: string): Promise<void>;
  /** Removes an approval. Throws `resource-not-found` if there is none, or `service-unavailable`. */
  forget(name: string): Promise<void>;
}
