import { resolve } from 'node:path';
import type { Model } from '@medkit/core';
import type { CorrelationRule } from '@medkit/faults';
import type { ResourceSampler } from '@medkit/subscriptions';
import type { GatewayConfig } from '../config/index.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import type { RouteReader } from '../route-reader.ts';
import type { ForwardingOptions } from './open-forwarding.ts';
import type { GatewayPeers } from './open-peers.ts';

const MEGABYTE = 1_000_000;

export interface PeerSourcesOptions {
  readonly model: Model;
  readonly peers?: GatewayPeers;
  readonly observed: ObservedLogs;
  readonly routes: Pick<RouteReader, 'read'>;
}

/** Sources of faults and samples of peers, for triggers and subscriptions. Loaded only if the gateway has peers. */
export async function peerSources({ model, peers, observed, routes }: PeerSourcesOptions) {
  if (!peers) return {};
  const [{ remoteFaultSource }, { mergedSamplers }] = await Promise.all([
    import('./remote-fault-source.ts'),
    import('./aggregates/merged-samplers.ts'),
  ]);
  return {
    remoteFaultSource: remoteFaultSource(model, observed),
    joinSamplers: (samplers: ReadonlyMap<string, ResourceSampler>) => mergedSamplers(model, routes, samplers),
  };
}

export interface ServePeersOptions
  extends Omit<ForwardingOptions, 'changeTimeoutMs' | 'clockOf' | 'gateway' | 'maxCopyBytes' | 'recordings' | 'rules'> {
  readonly config: Pick<GatewayConfig, 'aggregation' | 'data_dir' | 'ros' | 'service_call_timeout_sec'>;
  /** Name of this gateway among its peers. */
  readonly instance: string;
  /** Correlation rules over faults of this gateway and its peers. */
  readonly rulesAcrossOrigins?: readonly CorrelationRule[];
}

/**
 * Forwards requests to peers, merges their replies, and reports peers that do not respond. Loads the code for this,
 * so it is called only if the gateway has peers.
 */
export async function servePeers(options: ServePeersOptions) {
  const { config, instance: gateway, peers, rulesAcrossOrigins: rules = [] } = options;
  const [{ openForwarding }, { watchPeers }] = await Promise.all([
    import('./open-forwarding.ts'),
    import('./unresponsive-peers.ts'),
  ]);
  const { fault_copies_mb, recording_copies_mb, recording_copy_max_mb, recording_copy_severity } = config.aggregation;
  const forwarding = await openForwarding({
    ...options,
    rules,
    gateway,
    clockOf: (runtime) => peers.runtimes.find(({ name }) => name === runtime)?.clockHistory() ?? [],
    changeTimeoutMs: CALL_TIMEOUT_MS + config.service_call_timeout_sec * 1000,
    maxCopyBytes: fault_copies_mb * MEGABYTE,
    recordings: {
      maxBytes: recording_copies_mb * MEGABYTE,
      maxOneBytes: Math.min(recording_copy_max_mb, recording_copies_mb) * MEGABYTE,
      leastSeverity: recording_copy_severity,
      folder: resolve(config.data_dir, 'recording_copies'),
    },
  });
  const stopWatching = watchPeers({ ...options, source: config.ros.node });
  return {
    ...forwarding,
    close: async () => {
      stopWatching();
      await forwarding.close();
    },
  };
}
