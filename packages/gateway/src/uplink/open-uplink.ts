import { resolve } from 'node:path';
import type { Log } from '@medkit/core';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayHubs } from './gateway-hubs.ts';
import type { GatewayUplink } from './gateway-uplink.ts';
import type { UplinkLogSource } from './handshake-record.ts';

interface Uplink {
  readonly uplink?: GatewayUplink;
  readonly hubs?: GatewayHubs;
}

/**
 * Opens the uplink log and the fleet hubs of this robot; neither is loaded if it has no hub.
 * @param addresses returns the addresses of the machine
 */
export async function openUplink(config: GatewayConfig, addresses: () => readonly string[], log: Log): Promise<Uplink> {
  if (!(await hasHub(config))) return {};
  const { gatewayUplink } = await import('./gateway-uplink.ts');
  const { gatewayHubs } = await import('./gateway-hubs.ts');
  const shared = { clock: systemClock, random: systemRandom, log };
  const uplinkLog: UplinkLogSource = { log: () => uplink.log(), whenOpen: (signal) => uplink.whenOpen(signal) };
  const hubs = await gatewayHubs({
    ...shared,
    config,
    files: { ...systemFiles, ...systemWritableFiles },
    addresses: () => addresses().toSorted().join(' '),
    uplinkLog,
  });
  const { owners, enrolled } = hubs;
  const uplink = gatewayUplink({ ...shared, maxBytes: config.hub.log_mb * 1024 * 1024, owners, hubs: enrolled });
  return { uplink, hubs };
}

/** Returns whether this robot has a fleet hub: by its enrolment, or by the configuration. */
async function hasHub({ data_dir, hub, hubs }: GatewayConfig): Promise<boolean> {
  if ([hub, ...hubs].some(({ url }) => url !== '')) return true;
  const folder = resolve(data_dir, 'uplink');
  for (const { name, isDirectory } of await systemFiles.list(folder)) {
    const file = isDirectory ? resolve(folder, name, 'hub.json') : name === 'hub.json' && resolve(folder, name);
    if (file && (await systemFiles.stateOf(file))) return true;
  }
  return false;
}
