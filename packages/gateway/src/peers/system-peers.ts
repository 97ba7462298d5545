import { errorMessage, type Log, type Runtime } from '@medkit/core';
import type { HttpStreams } from '@medkit/edges';
import { systemClock, systemFiles, systemNames, systemRandom } from '@medkit/edges/node';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { StartRefused } from '../listen.ts';
import { type OpenPeers, openPeers } from './open-peers.ts';

export interface SystemPeersOptions {
  readonly config: GatewayConfig;
  /** Instance name of this gateway. */
  readonly gateway: string;
  /** The gateway's own runtimes. */
  readonly localRuntimes: readonly Runtime[];
  readonly database?: GatewayDatabase;
  readonly log: Log;
}

/** Opens the configured peers, over the network of this machine. */
export function systemPeers({ localRuntimes, ...options }: SystemPeersOptions): Promise<OpenPeers | undefined> {
  let streams: Promise<HttpStreams> | undefined;
  return openPeers({
    ...options,
    // The fleet is added later, with the features.
    taken: [...localRuntimes.map(({ name }) => name), ...(options.config.fleet.enabled ? ['fleet'] : [])],
    files: systemFiles,
    http: () => (streams ??= openStreams(options.config.aggregation.ca_file)),
    names: systemNames,
    clock: systemClock,
    random: systemRandom,
  });
}

async function openStreams(caFile: string): Promise<HttpStreams> {
  const { httpStreamsWithAuthorities, systemHttpStreams } = await import('@medkit/edges/node/http-streams');
  return caFile === '' ? systemHttpStreams : httpStreamsWithAuthorities(await authoritiesIn(caFile));
}

/**
 * Reads the CA certificates. Throws `StartRefused` if there are none: without them, all of these peers would be
 * unreachable.
 */
async function authoritiesIn(file: string): Promise<readonly string[]> {
  const text = await systemFiles.readText(file, { regularOnly: true }).catch((error) => {
    throw new StartRefused(`aggregation.ca_file: ${errorMessage(error)}`);
  });
  const found = text?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length > 0) return found;
  throw new StartRefused(
    `aggregation.ca_file: ${file} ${text === undefined ? 'does not exist' : 'contains no certificate as PEM text'}`,
  );
}
