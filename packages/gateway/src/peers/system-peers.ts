import type { Log, Runtime } from '@medkit/core';
import { systemClock, systemFiles, systemNames } from '@medkit/edges/node';
import type { GatewayConfig } from '../config/index.ts';
import { type OpenPeers, openPeers } from './open-peers.ts';

export interface SystemPeersOptions {
  readonly config: GatewayConfig;
  /** The name of this gateway that no other one has. */
  readonly gateway: string;
  /** What it shows itself. */
  readonly own: readonly Runtime[];
  readonly log: Log;
}

/** The peers of the configuration, spoken to from this machine. */
export function systemPeers({ own, ...options }: SystemPeersOptions): Promise<OpenPeers | undefined> {
  return openPeers({
    ...options,
    taken: own.map(({ name }) => name),
    files: systemFiles,
    http: async () => (await import('@medkit/edges/node/http-streams')).systemHttpStreams,
    names: systemNames,
    clock: systemClock,
  });
}
