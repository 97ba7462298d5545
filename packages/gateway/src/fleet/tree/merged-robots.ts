import { FLEET_PAGE } from '@medkit/contract';
import { errorMessage, type Log, type Model, type Warning } from '@medkit/core';
import { type Clock, type HttpStreams, type Names, type Timer, taskQueue } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import type { OpenPeers } from '../../peers/open-peers.ts';
import type { RobotSessions } from '../robot-sessions.ts';

/** Robots whose entities are in one tree: each one costs about 0.4 MB, and is asked for its part of every list. */
export const MAX_MERGED = 50;
/** Delay after a change of the robots. */
const REST_MS = 1000;

export interface MergedRobotsOptions {
  readonly fleet: Pick<Fleet, 'onChange' | 'robots'>;
  readonly sessions: Pick<RobotSessions, 'get'>;
  readonly peers: Pick<OpenPeers, 'join' | 'leave'>;
  readonly model: Pick<Model, 'add' | 'remove'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The robots that are peers of the hub. */
export interface MergedRobots {
  /** Whether the entities and faults of a robot are those of a peer. */
  has(robot: string): boolean;
  warnings(): readonly Warning[];
  close(): void;
}

/**
 * Adds robots as peers of the hub, reached through their uplinks, so that their entities are in its tree. A robot that
 * is away is a peer that does not answer.
 */
export async function mergedRobots(options: MergedRobotsOptions): Promise<MergedRobots> {
  const { fleet, peers, model, clock, log } = options;
  const merged = new Set<string>();
  const oneAtATime = taskQueue();
  let excess = 0;
  let isClosed = false;
  const update = async (): Promise<void> => {
    const { items, total } = await fleet.robots({ state: 'approved', sort: 'name', limit: FLEET_PAGE.max });
    const wanted = new Set(items.slice(0, MAX_MERGED).map(({ id }) => id));
    excess = total - wanted.size;
    for (const robot of [...merged].filter((name) => !wanted.has(name))) {
      merged.delete(robot);
      peers.leave(robot);
      await model.remove(robot);
    }
    for (const robot of wanted) {
      if (merged.has(robot) || isClosed) continue;
      merged.add(robot);
      const runtime = await peers.join(
        { name: robot, url: `http://${robot}`, isProven: true },
        { http: uplinkOf(options, robot), names: UNRESOLVED },
      );
      // Not awaited: a robot that does not answer joins the tree later.
      model.add(runtime).catch((error: unknown) => {
        log('error', `the entities of the robot ${robot} are not in the tree: ${errorMessage(error)}`);
        merged.delete(robot);
        peers.leave(robot);
      });
    }
  };
  const updateLogged = () =>
    oneAtATime(update).catch((error: unknown) =>
      log('warn', `the robots of the merged tree cannot be read: ${errorMessage(error)}`),
    );
  await updateLogged();
  let timer: Timer | undefined;
  const stopListening = fleet.onChange(({ topic }) => {
    if (topic !== 'robot') return;
    timer?.cancel();
    timer = clock.after(REST_MS, () => void updateLogged());
  });
  return {
    has: (robot) => merged.has(robot),
    warnings: () => (excess > 0 ? [tooMany(excess)] : []),
    close: () => {
      isClosed = true;
      stopListening();
      timer?.cancel();
    },
  };
}

/** The name of a robot is no name of the network. */
const UNRESOLVED: Names = { addressesOf: async (name) => [name] };

/** Returns an HTTP client that reaches a robot through its uplink. */
const uplinkOf = ({ sessions }: Pick<MergedRobotsOptions, 'sessions'>, robot: string): HttpStreams => ({
  open: async (request) => {
    const session = sessions.get(robot);
    if (!session) throw new Error('the robot is not connected to this hub');
    const signal = request.signal ? AbortSignal.any([request.signal, session.signal]) : session.signal;
    const { address: _, ...others } = request;
    return session.gateway.open({ ...others, signal, url: request.url.replace(/^http:\/\/[^/]+/, 'http://localhost') });
  },
});

const tooMany = (excess: number): Warning => ({
  code: 'fleet_merged_tree_full',
  message: `The entities of ${excess} robots are not in the tree of this hub, which has those of ${MAX_MERGED} robots at most: use /fleet/{robot}, or unset fleet.merged_tree`,
});
