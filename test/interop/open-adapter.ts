import { join } from 'node:path';
import type { Datagrams } from '@medkit/edges';
import { systemClock, systemFiles, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openRosAdapter, type RosAdapter, type RosEnvironment, readEnvironment } from '@medkit/ros2';

interface AdapterOptions {
  readonly domainId: number;
  /** Default `localhost`: unicast on 127.0.0.1, as in ROS; `multicast`: only on the loopback interface. */
  readonly discovery?: 'localhost' | 'multicast';
  readonly datagrams?: Datagrams;
  /** Receive buffer to request from the system, bytes. */
  readonly receiveBufferBytes?: number;
}

/** medkit's side of a test: an adapter on loopback that knows the peers' special types. It closes with its scope. */
export async function openAdapter(options: AdapterOptions): Promise<RosAdapter & AsyncDisposable> {
  const { domainId, discovery = 'localhost', datagrams = udpDatagrams, receiveBufferBytes } = options;
  const adapter = await openRosAdapter({
    environment: environmentOf(domainId, discovery),
    clock: systemClock,
    datagrams,
    random: systemRandom,
    files: systemFiles,
    ...(receiveBufferBytes !== undefined && { receiveBufferBytes }),
    typeFolders: [join(import.meta.dirname, 'share')],
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= adapter.close();
    return closed;
  };
  return { ...adapter, close, [Symbol.asyncDispose]: close };
}

function environmentOf(domainId: number, discovery: 'localhost' | 'multicast'): RosEnvironment {
  const range = discovery === 'localhost' ? 'LOCALHOST' : 'SUBNET';
  const environment = readEnvironment({ ROS_DOMAIN_ID: String(domainId), ROS_AUTOMATIC_DISCOVERY_RANGE: range });
  return { ...environment, interfaces: ['127.0.0.1'] };
}
