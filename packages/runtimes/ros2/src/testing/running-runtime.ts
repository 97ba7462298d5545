import {
  callContext,
  type DataProvider,
  type DataWrite,
  type ExternalConfigurationChange,
  type FaultEvent,
  FIRST_DISCOVERY_MS,
  gatewayPrincipal,
  type LogEntry,
  logBuffers,
  type OperationChange,
  type ServiceCallEnd,
} from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RosEndpoint } from '@medkit/ros2';
import type { Watcher } from '../data/topic-watch.ts';
import { ros2Runtime } from '../ros2-runtime.ts';
import type { Ros2Settings } from '../ros2-settings.ts';
import { FakeRos, rosEndpoint, rosNode } from './fake-ros.ts';

/** Returns a publisher of `topic` that belongs to `/driver`, with a different GID per topic. */
export function publisherOf(topic: string, fields: Partial<RosEndpoint> = {}): RosEndpoint {
  return rosEndpoint({ gid: `pub ${topic}`, role: 'publisher', name: topic, node: '/driver', ...fields });
}

/** Returns a subscription of `topic` that belongs to `/listener`. */
export function subscriptionOf(topic: string, fields: Partial<RosEndpoint> = {}): RosEndpoint {
  return rosEndpoint({ gid: `sub ${topic}`, role: 'subscription', name: topic, node: '/listener', ...fields });
}

/** Starts a runtime on a graph with the nodes `/driver` and `/listener` and the given endpoints. */
export async function startRuntime(
  endpoints: readonly RosEndpoint[] = [],
  settings: Partial<Ros2Settings> = {},
  /** If `discovered` is false, the runtime has just joined and waits for what it does not find. */
  { discovered = true }: { readonly discovered?: boolean } = {},
) {
  const clock = new SimulatedClock();
  const ros = new FakeRos();
  ros.change({ nodes: [rosNode('/driver'), rosNode('/listener')], endpoints });
  const host = { hostname: 'amr', osName: 'Debian 12', machine: 'x86_64' };
  const runtime = ros2Runtime({ adapter: ros, clock, random: seededRandom(1), host, settings });
  const seen = {
    changes: 0,
    dataChanges: 0,
    logged: [] as string[],
    entries: [] as LogEntry[],
    faults: [] as FaultEvent[],
    operations: [] as OperationChange[],
    serviceCalls: [] as ServiceCallEnd[],
    configurations: [] as ExternalConfigurationChange[],
  };
  const buffers = logBuffers().open({ ...runtime.records!, logged: (entry) => seen.entries.push(entry) });
  await runtime.start({
    changed: () => seen.changes++,
    dataChanged: () => seen.dataChanges++,
    record: buffers.keep,
    recorded: buffers.of,
    faultChanged: (event) => seen.faults.push(event),
    operationChanged: (change) => seen.operations.push(change),
    serviceCalled: (call) => seen.serviceCalls.push(call),
    configurationChanged: (change) => seen.configurations.push(change),
    log: (_, message) => seen.logged.push(message),
  });
  // Removes what the gateway's node publishes itself, as every node does.
  for (const list of [ros.publishers, ros.published]) list.splice(0);
  // After this time, discovery counts as complete.
  if (discovered) clock.advance(FIRST_DISCOVERY_MS);
  const data: DataProvider = runtime.providers.data!;
  /** Returns a node that has the topic. */
  const ownerOf = async (dataId: string) => {
    const isIt = ({ name }: RosEndpoint) => name === dataId || name === `/${dataId}`;
    const owner = (await ros.graph()).endpoints.find(isIt);
    return owner && !owner.node ? 'host' : (owner?.node ?? '/driver');
  };
  const call = (timeoutMs = 5000) => callContext({ clock, timeoutMs });
  return {
    clock,
    ros,
    runtime,
    seen,
    logs: buffers.provider,
    list: (nativeId: string) => data.list(nativeId, call()),
    read: async (dataId: string, timeoutMs?: number) => data.read(await ownerOf(dataId), dataId, call(timeoutMs)),
    watch: async (dataId: string, onSample: Watcher, signal?: AbortSignal, owner?: string) => {
      const principal = gatewayPrincipal(owner);
      const context = callContext({ clock, timeoutMs: 5000, principal, ...(signal && { signal }) });
      return data.watch!(await ownerOf(dataId), dataId, onSample, context);
    },
    arrivals: (nativeId: string, dataId: string, onArrival: (receivedMs: number) => void) =>
      data.arrivals!(nativeId, dataId, onArrival, call()),
    watchOf: (nativeId: string, dataId: string, onSample: Watcher) => data.watch!(nativeId, dataId, onSample, call()),
    write: async (
      dataId: string,
      value: DataWrite['value'],
      type?: string,
      rest: Pick<DataWrite, 'acknowledge'> = {},
    ) => data.write(await ownerOf(dataId), dataId, { type, value, ...rest }, call()),
    figures: async (block = 'x-medkit-data-provider') => (await runtime.health()).blocks[block] ?? {},
  };
}

/** Lets every promise settle that can settle now. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}
