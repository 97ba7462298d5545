import type { App, EntityLists, FaultEvent, FaultReport } from '@medkit/core';
import { app, component, entityLists } from '@medkit/core/testing';
import type { SimulatedClock } from '@medkit/edges/testing';
import { eventHooks, type PluginContext, type PluginParts } from '@medkit/plugin';
import type { RosAdapter } from '@medkit/ros2';
import { simulatedGraph } from '@medkit/ros2/testing';
import type { StatusDocument } from '../status-document.ts';
import { watchdogPlugin } from '../watchdog-plugin.ts';

/** A robot on a simulated network with a watchdog, connected as in a gateway. */
export interface WatchedRobot {
  readonly clock: SimulatedClock;
  /** The first process of the robot. */
  readonly robot: RosAdapter;
  readonly reports: readonly FaultReport[];
  readonly logged: readonly string[];
  /** Starts another process; `vanish` makes it fall silent without unregistering. */
  join(): Promise<RosAdapter & { vanish(): void }>;
  startWatchdog(options?: Record<string, unknown>): Promise<PluginParts>;
  status(): Promise<StatusDocument['x-medkit-watchdog']>;
  /** Advances the clock by `seconds` and returns the last report of a code in that time. */
  reportAfter(seconds: number, code: string): Promise<FaultReport | undefined>;
  emitFault(event: FaultEvent): void;
  /** Makes requests for the tree fail. */
  loseTree(): void;
  close(): Promise<void>;
}

/**
 * With `tellsOfChanges: false`, changes of the tree are not reported. `others` are apps of the tree besides the robot's
 * nodes.
 */
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
      const notify = () => listener({} as never);
      if (tellsOfChanges) entityListeners.add(notify);
      return () => void entityListeners.delete(notify);
    },
    onFaultEvent: (listener) => {
      faultListeners.add(listener);
      return () => void faultListeners.delete(listener);
    },
    clearFault: async () => false,
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
    emitFault: (event) => {
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
