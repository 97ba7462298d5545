import { type Random, seededRandom } from '@medkit/edges';
import { MemoryFiles, type NetworkConditions, SimulatedClock, SimulatedNetwork } from '@medkit/edges/testing';
import type { RosAdapter } from '../adapter/adapter.ts';
import { readEnvironment } from '../environment/environment.ts';
import { openRosAdapter, type RosAdapterOptions } from '../local-adapter/open-ros-adapter.ts';
import type { ContractNetwork } from './contract-scene.ts';

const GIVE_UP_MS = 20_000;

/** A ROS graph in memory, with a host per adapter, connected by multicast. */
export interface SimulatedGraph extends ContractNetwork {
  readonly clock: SimulatedClock;
  readonly network: SimulatedNetwork;
  readonly random: Random;
  /** Joins on a new host: `10.0.0.1`, `10.0.0.2`, … in the order of the calls. */
  join(options?: Partial<RosAdapterOptions>): Promise<RosAdapter>;
  /** Returns the result of `promise`, advancing time until it is settled. */
  during<T>(promise: Promise<T>): Promise<T>;
}

export function simulatedGraph({
  seed = 1,
  conditions = {},
}: {
  readonly seed?: number;
  readonly conditions?: NetworkConditions;
} = {}): SimulatedGraph {
  const clock = new SimulatedClock();
  const random = seededRandom(seed);
  const network = new SimulatedNetwork({ clock, random, conditions });
  const adapters: RosAdapter[] = [];
  return {
    clock,
    network,
    random,
    async join(options) {
      const adapter = await openRosAdapter({
        environment: readEnvironment({}),
        clock,
        random,
        datagrams: network.host(`10.0.0.${adapters.length + 1}`),
        files: new MemoryFiles(),
        ...options,
      });
      adapters.push(adapter);
      return adapter;
    },
    async until(condition, what) {
      for (let waitedMs = 0; !(await condition()); waitedMs += 5) {
        if (waitedMs > GIVE_UP_MS) throw new Error(`waited in vain until ${what}`);
        await clock.advanceAsync(5);
      }
    },
    async during(promise) {
      let isSettled = false;
      const end = () => {
        isSettled = true;
      };
      promise.then(end, end);
      for (let waitedMs = 0; !isSettled; waitedMs++) {
        if (waitedMs > GIVE_UP_MS) throw new Error('waited in vain for an answer');
        await clock.advanceAsync(1);
      }
      return promise;
    },
    async close() {
      await Promise.all(adapters.map((adapter) => adapter.close()));
    },
  };
}
