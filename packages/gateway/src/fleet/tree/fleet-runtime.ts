import type { FleetRobot } from '@medkit/contract';
import { FLEET_PAGE } from '@medkit/contract';
import { errorMessage, type Log, type Runtime, type RuntimeHost } from '@medkit/core';
import { type Clock, retryDelayMs, type Timer, taskQueue } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import { FLEET, fleetEntities } from './fleet-entities.ts';

/** Least time between two readings of the robots: when a hub starts, hundreds of robots connect within seconds. */
const REST_MS = 2000;
const RETRY = { firstMs: 2000, maxMs: 60_000 };

export interface FleetRuntimeOptions {
  readonly fleet: Pick<Fleet, 'groupMembers' | 'groups' | 'onChange' | 'robots' | 'sites'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The fleet as entities of the hub: sites, robots and groups, read again after changes. It serves no resources: the
 * record of the hub has the faults, and each robot has all else.
 */
export function fleetRuntime({ fleet, clock, log }: FleetRuntimeOptions): Runtime {
  let entities = fleetEntities([], [], [], new Map());
  let stopListening: (() => void) | undefined;
  let timer: Timer | undefined;
  let failures = 0;
  const oneAtATime = taskQueue();
  const read = async (): Promise<void> => {
    const [robots, sites, groups, members] = await Promise.all([
      robotsOf(fleet),
      fleet.sites(),
      fleet.groups(),
      fleet.groupMembers(),
    ]);
    entities = fleetEntities(
      robots,
      sites.map(({ id }) => id),
      groups,
      members,
    );
  };
  const readAgain = async (host: RuntimeHost): Promise<void> => {
    try {
      await oneAtATime(read);
      failures = 0;
      host.changed();
    } catch (error) {
      failures += 1;
      if (failures === 1) log('warn', `the entities of the fleet cannot be read: ${errorMessage(error)}`);
      readAfter(host, retryDelayMs(RETRY, failures));
    }
  };
  const readAfter = (host: RuntimeHost, delayMs: number): void => {
    if (!stopListening) return;
    timer ??= clock.after(delayMs, () => {
      timer = undefined;
      void readAgain(host);
    });
  };
  return {
    name: FLEET,
    origin: FLEET,
    providers: {},
    start: async (host) => {
      stopListening = fleet.onChange(({ topic }) => {
        if (topic === 'robot' || topic === 'presence' || topic === 'groups') readAfter(host, REST_MS);
      });
      await read();
    },
    stop: async () => {
      stopListening?.();
      stopListening = undefined;
      timer?.cancel();
    },
    contribution: () => ({ runtime: FLEET, origin: FLEET, priority: 0, ...entities }),
    health: async () => ({ warnings: [], blocks: {} }),
  };
}

/** Reads the robots that belong to the fleet: approved ones, and those whose key two machines use. */
async function robotsOf(fleet: Pick<Fleet, 'robots'>): Promise<readonly FleetRobot[]> {
  const robots: FleetRobot[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await fleet.robots({ limit: FLEET_PAGE.max, ...(cursor !== undefined && { cursor }) });
    robots.push(...page.items.filter(({ state }) => state === 'approved' || state === 'quarantined'));
    cursor = page.next;
  }
  return robots;
}
