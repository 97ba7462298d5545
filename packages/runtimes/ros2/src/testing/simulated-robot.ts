import { callContext, type Model, openModel } from '@medkit/core';
import type { NetworkConditions, SimulatedClock } from '@medkit/edges/testing';
import type { RosAdapter } from '@medkit/ros2';
import { simulatedGraph } from '@medkit/ros2/testing';
import { type Ros2RuntimeOptions, ros2Runtime } from '../ros2-runtime.ts';
import { faultsRuntime, type MemoryFaultOptions } from './memory-fault-manager.ts';

const GIVE_UP_MS = 20_000;
/** The host that joins first. */
const ROBOT = '10.0.0.1';

/** A robot and a gateway that communicate over RTPS on a simulated network. */
export interface SimulatedRobot {
  readonly clock: SimulatedClock;
  /** The robot's side of the graph. */
  readonly robot: RosAdapter;
  /** Lines that the gateway wrote to the operator's log. */
  readonly logged: readonly string[];
  /** Stops the robot's side without notice, as `kill -9` does, and returns a restarted one. */
  restartedRobot(): Promise<RosAdapter>;
  /** Starts the gateway's side. */
  openGateway(
    faults?: MemoryFaultOptions,
    more?: Pick<Ros2RuntimeOptions, 'onGatewayLine' | 'settings'>,
  ): Promise<Model>;
  /** Awaits `promise` while advancing the clock. */
  during<T>(promise: Promise<T>): Promise<T>;
  until(condition: () => boolean, what: string): Promise<void>;
  close(): Promise<void>;
}

export async function simulatedRobot(conditions: NetworkConditions = { latencyMs: 0.2 }): Promise<SimulatedRobot> {
  const graph = simulatedGraph({ seed: 7, conditions });
  const { clock, random, network, join, during } = graph;
  const models: Model[] = [];
  const logged: string[] = [];
  const until = async (condition: () => boolean, what: string): Promise<void> => {
    for (let waitedMs = 0; !condition(); waitedMs++) {
      if (waitedMs > GIVE_UP_MS) throw new Error(`waited in vain until ${what}`);
      await clock.advanceAsync(1);
    }
  };
  return {
    clock,
    robot: await join(),
    logged,
    restartedRobot: async () => {
      network.setLink(ROBOT, false);
      return join();
    },
    openGateway: async (faults, more) => {
      const host = { hostname: 'amr', osName: 'Debian 12', machine: 'x86_64' };
      const runtime = ros2Runtime({ adapter: await join(), clock, random, host, ...(faults && { faults }), ...more });
      const runtimes = faults ? [runtime, faultsRuntime(faults.host)] : [runtime];
      const model = await openModel({ runtimes, clock, log: (_, message) => logged.push(message) });
      models.push(model);
      return model;
    },
    during,
    until,
    close: async () => {
      await Promise.all(models.map((model) => model.close()));
      await graph.close();
    },
  };
}

/** Returns a call with the timeout of a browser. */
export function patientCall({ clock }: Pick<SimulatedRobot, 'clock'>) {
  return callContext({ clock, timeoutMs: 9000 });
}
