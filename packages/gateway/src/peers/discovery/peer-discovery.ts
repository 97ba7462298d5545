import type { Log, Model, RuntimeHealth } from '@medkit/core';
import type { Clock, Datagrams, Files, HttpStreams, Names, Random } from '@medkit/edges';
import type { DirectGateways, InstanceMemory, PeerRuntime } from '@medkit/peer';
import type { DiscoveredPeers, PendingPeer } from '@medkit/peer/discovery';
import type { Environment, GatewayConfig } from '../../config/index.ts';
import type { GatewayDatabase } from '../../database/gateway-database.ts';

export interface OpenPeersOptions {
  readonly config: Pick<GatewayConfig, 'aggregation'>;
  /** The name of this gateway that no other one has. */
  readonly gateway: string;
  /** Names of runtimes that are there. */
  readonly taken: readonly string[];
  /** Stores which instance each peer is. Without it, the first peer that claims an instance has it after each start. */
  readonly database?: GatewayDatabase | undefined;
  readonly files: Pick<Files, 'readText'>;
  /** Loads what speaks HTTP to them. */
  readonly http: () => Promise<HttpStreams>;
  readonly names: Names;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is known once the gateway listens. */
export interface DiscoverOptions {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'server'>;
  readonly environment: Environment;
  readonly model: Pick<Model, 'add' | 'remove' | 'runtimes'>;
  readonly database: GatewayDatabase;
  /** On which this gateway listens. */
  readonly port: number;
  readonly machineName: string;
  readonly datagrams: Datagrams;
  readonly random: Random;
}

export interface DiscoverPeersOptions extends Omit<OpenPeersOptions, 'http' | 'database'>, DiscoverOptions {
  readonly http: HttpStreams;
  readonly config: Pick<GatewayConfig, 'aggregation' | 'server'>;
  readonly direct: DirectGateways;
  readonly instances: InstanceMemory | undefined;
  /** Addresses of the peers of the configuration. */
  readonly staticUrls: readonly string[];
}

/** How gateways are looked for, for those who ask. */
export interface DiscoveryState {
  readonly service: string;
  readonly announcedAs: string | undefined;
  /** Own addresses on the networks that are listened on. */
  readonly interfaces: readonly string[];
  readonly dropped: Readonly<Record<string, number>>;
}

/** How this gateway looks for others, and is found by them. */
export interface PeerDiscovery {
  readonly state: () => DiscoveryState;
  /** Absent where this gateway is announced and looks for none. */
  readonly found: FoundPeers | undefined;
  close(): Promise<void>;
}

/** Gateways that were found on the network, and what people decided about them. */
export interface FoundPeers {
  readonly gateways: DiscoveredPeers;
  /** Those that are let in. */
  runtimes(): readonly PeerRuntime[];
  /** Those that are approved and have not been heard of. */
  absent(): readonly PendingPeer[];
  health(): RuntimeHealth;
  /**
   * Lets one in, at the address where it was seen. Throws `resource-not-found`, `precondition-not-fulfilled` where it is elsewhere
   * by now, or `service-unavailable`.
   */
  approve(name: string, url: string, principal: string): Promise<void>;
  /** Throws `resource-not-found` where it is not approved, or `service-unavailable`. */
  forget(name: string): Promise<void>;
}
