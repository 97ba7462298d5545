import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningFleet, startFleet } from '@medkit/demo';

export interface FleetPlace {
  readonly domainId: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the demo. */
  readonly folder: string;
  /** Address of the robot's gateway, and its token; empty if it requires none. */
  readonly gateway: { readonly url: string; readonly token: string };
  /** An existing broker; the fleet starts its own if undefined. */
  readonly broker: string | undefined;
}

/** Starts the fleet of a demo whose gateway runs. Passes the token in a file that other users cannot read. */
export function startDemoFleet({ domainId, environment, folder, gateway, broker }: FleetPlace): RunningFleet {
  const fleetFolder = join(folder, 'fleet');
  mkdirSync(fleetFolder, { recursive: true });
  const { url, token } = gateway;
  const tokenFile = token === '' ? undefined : join(fleetFolder, 'gateway-token');
  if (tokenFile !== undefined) writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  return startFleet({
    domainId,
    environment,
    gateway: { url, ...(tokenFile !== undefined && { tokenFile }) },
    folder: fleetFolder,
    ...(broker !== undefined && { broker }),
  });
}
