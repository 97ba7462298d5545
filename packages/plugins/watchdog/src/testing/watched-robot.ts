import type { App, EntityLists, FaultEvent, FaultReport } from '@medkit/core';
import { app, component, entityLists } from '@medkit/core/testing';
import type { SimulatedClock } from '@medkit/edges/testing';
import { eventHooks, type PluginContext, type PluginParts } from '@medkit/plugin';
import type { RosAdapter } from '@medkit/ros2';
import { simulatedGraph } from '@medkit/ros2/testing';
import type { StatusDocument } from '../status-document.ts';
import { watchdogPlugin } from '../watchdog-plugin.ts';

/** A robot on a simulated network, and a watchdog that hears it as part of a gateway would. */
export interface WatchedRobot {
  readonly clock: SimulatedClock;
  /** The process of the robot that is there from the beginning. */
  readonly robot: RosAdapter;
  readonly reports: readonly FaultReport[];
  readonly logged: readonly string[];
  /** Another process; `vanish` lets it fall silent without a goodbye. */
  join(): Promise<RosAdapter & { vanish(): void }>;
  startWatchdog(options?: Record<string, unknown>): Promise<PluginParts>;
  status(): Promise<StatusDocument['x-medkit-watchdog']>;
  /** The last report of a code since `seconds` ago; lets that time pass. */
  reportAfter(seconds: number, code: string): Promise<FaultReport | undefined>;
  tellFault(event: FaultEvent): void;
  /** Nobody answers any more who asks for the tree. */
  loseTree(): void;
  close(): Promise<void>;
}

/** With `tellsOfChanges: false` nobody says that the tree has changed. `others` are apps of the tree besides the robot's nodes. */
export async function watchedRobot({
  tellsOfChanges = true,
  others = [],
}: {
  readonly tellsOfChanges?: boolean;
  readonly others?: readonly App[];
} = {}): Promise<WatchedRobot> {
  const graph = simulatedGraph({ seed: 5, conditions: { latencyMs: 0.2 } });
  const { clock } = graph;
  const reports: FaultReport[] = [];
  const logged: string[] = [];
  let hosts = 0;
  const join = async () => {
    const address = `10.0.0.${++hosts}`;
    return { ...(await graph.join()), vanish: () => graph.network.setLink(address, false) };
  };
  const gateway = await join();
  const robot = await join();
  const entityListeners = new Set<() => void>();
  const faultListeners = new Set<(event: FaultEvent) => void>();
  gateway.onGraphChange(() => {
    for (const listener of entityListeners) listener();
  });
  let parts: PluginParts | undefined;
  let treeIsLost = false;

  const appsOf = async (): Promise<readonly App[]> => {
    if (treeIsLost) throw new Error('nobody answers');
    return [...(await gateway.graph()).nodes.map(({ name, fqn }) => app(name, { node: fqn })), ...others];
  };
  const context = (options: Record<string, unknown>): PluginContext<Record<string, unknown>> => ({
    name: 'graph_watchdog',
    options,
    clock,
    log: (_, message) => logged.push(message),
    changed: () => undefined,
    record: async () => undefined,
    resourceChanged: () => undefined,
    entities: async (): Promise<EntityLists> => entityLists({ apps: await appsOf(), components: [component('host')] }),
    ...eventHooks(() => () => undefined),
    onEntitiesChange: (listener) => {
      const told = () => listener({} as never);
      if (tellsOfChanges) entityListeners.add(told);
      return () => void entityListeners.delete(told);
    },
    onFaultEvent: (listener) => {
      faultListeners.add(listener);
      return () => void faultListeners.delete(listener);
    },
    reportFault: async (report) => {
      reports.push(report);
      return true;
    },
    request: async () => ({ status: 503, headers: {}, body: undefined }),
    ros: gateway,
  });
  return {
    clock,
    robot,
    reports,
    logged,
    join,
    async startWatchdog(options = {}) {
      const starting = watchdogPlugin.setup(context(options));
      await clock.advanceAsync(50);
      parts = await starting;
      return parts;
    },
    async status() {
      const [route] = parts?.routes ?? [];
      if (!route) throw new Error('the watchdog is not started');
      const { body } = await route.handle({ path: {}, query: {}, body: undefined }, {} as never);
      return (body as unknown as StatusDocument)['x-medkit-watchdog'];
    },
    async reportAfter(seconds, code) {
      reports.length = 0;
      await clock.advanceAsync(seconds * 1000, 10);
      return reports.findLast((report) => report.code === code);
    },
    tellFault: (event) => {
      for (const listener of faultListeners) listener(event);
    },
    loseTree: () => {
      treeIsLost = true;
    },
    async close() {
      await parts?.stop?.();
      await graph.close();
    },
  };
}
