import type { Datagrams } from '@medkit/edges';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import type { RosAdapter } from '../adapter/adapter.ts';
import { readEnvironment } from '../environment/environment.ts';
import { openRosAdapter } from '../local-adapter/open-ros-adapter.ts';
import type { JoinOptions } from '../worker/protocol.ts';
import type { ContractNetwork } from './contract-scene.ts';

const GIVE_UP_MS = 10_000;
const POLL_MS = 2;

/** An address in 127.0.0.0/8 for this process only, so that concurrent test runs do not discover each other. */
const ADDRESS = `127.${64 + ((process.pid >> 8) & 63)}.${process.pid & 255}.1`;

/** UDP with loopback as the only interface. */
export const loopbackDatagrams: Datagrams = {
  ...udpDatagrams,
  interfaces: () => [{ name: 'lo', address: ADDRESS, netmask: '255.0.0.0', loopback: true }],
};

/** Opens one adapter of a graph. */
export type OpenAdapter = (options: JoinOptions) => Promise<RosAdapter>;

/** Opens the adapter in this thread. */
export const openInThisThread = (options: JoinOptions) =>
  openRosAdapter({
    ...options,
    clock: systemClock,
    random: systemRandom,
    datagrams: loopbackDatagrams,
    files: systemFiles,
  });

/** A ROS graph over UDP on loopback, discovered by unicast as under ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST. */
export function loopbackGraph({
  domainId,
  join = openInThisThread,
}: {
  readonly domainId: number;
  readonly join?: OpenAdapter;
}): ContractNetwork {
  const environment = {
    ...readEnvironment({ ROS_DOMAIN_ID: `${domainId}`, ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' }),
    interfaces: [ADDRESS],
    peers: [ADDRESS],
  };
  const adapters: RosAdapter[] = [];
  return {
    async join(options) {
      const adapter = await join({ environment, ...options });
      adapters.push(adapter);
      return adapter;
    },
    async until(condition, what) {
      const endMs = systemClock.monotonicMs() + GIVE_UP_MS;
      while (!(await condition())) {
        if (systemClock.monotonicMs() > endMs) throw new Error(`waited in vain until ${what}`);
        await new Promise<void>((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    async close() {
      await Promise.all(adapters.map((adapter) => adapter.close()));
    },
  };
}
