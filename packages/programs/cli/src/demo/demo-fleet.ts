import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningFleet, startFleet } from '@medkit/demo';

export interface FleetPlace {
  readonly domainId: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the demo. */
  readonly folder: string;
  /** Address of the robot's gateway, and the token that it asks for: empty for none. */
  readonly gateway: { readonly url: string; readonly token: string };
  /** A broker that is there already. */
  readonly broker: string | undefined;
}

/** Starts the fleet of a demo whose gateway is up. The token goes by a file, which others cannot read. */
export function startDemoFleet({ domainId, environment, folder, gateway, broker }: FleetPlace): RunningFleet {
  const own = join(folder, 'fleet');
  mkdirSync(own, { recursive: true });
  const { url, token } = gateway;
  const tokenFile = token === '' ? undefined : join(own, 'gateway-token');
  if (tokenFile !== undefined) writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  return startFleet({
    domainId,
    environment,
    gateway: { url, ...(tokenFile !== undefined && { tokenFile }) },
    folder: own,
    ...(broker !== undefined && { broker }),
  });
}
