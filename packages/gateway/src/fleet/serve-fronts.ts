import { errorMessage, type Log } from '@medkit/core';
import { type Clock, pause } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import type { HubUplink } from '@medkit/tunnel';
import { type HubLink, openHubLink } from '@medkit/tunnel/front';
import type { FrontLinks } from './front-links.ts';
import type { RobotSessions } from './robot-sessions.ts';

/** Links of standbys: one is usual, and an old one ends within 5 s. */
const MAX_LINKS = 8;
/**
 * Held uplinks that may begin for each robot that may connect: they need no handshake, which is most of the cost. 300 a second
 * have 5000 robots back within 17 s.
 */
export const HELD_PER_CONNECT = 3;
/** Interval in which uplinks of this process begin after a takeover. */
const TURN_MS = 100;

export interface ServeFrontsOptions {
  readonly fleet: Pick<Fleet, 'identity' | 'record'>;
  readonly sessions: Pick<RobotSessions, 'add' | 'get' | 'seen'>;
  readonly links: FrontLinks;
  /** Uplinks of this process that begin in one second after a takeover. */
  readonly perSec: number;
  /** Maximum uplinks of one standby. */
  readonly max: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** The uplinks that standbys hold for this hub. */
export interface ServedFronts {
  /** Begins the sessions of the uplinks that this process held as a standby. */
  takeOver(): Promise<void>;
  /** Standbys with the number of robots that each holds, for `/health`. */
  figures(): readonly { readonly address: string; readonly robots: number }[];
  /** Closes all links. Standbys retain the uplinks for the next hub. */
  close(): void;
}

export function serveFronts(options: ServeFrontsOptions): ServedFronts {
  const { fleet, sessions, links, perSec, max, clock, log } = options;
  const open = new Map<HubLink, string>();
  const ending = new AbortController();
  /** A robot with a newer uplink than a held one stays with it. */
  const add = async (uplink: HubUplink, { address, isHeld }: { address: string; isHeld: boolean }): Promise<void> => {
    const { robot } = uplink.welcome;
    if (isHeld && sessions.get(robot)) return uplink.destroy();
    try {
      await sessions.add(uplink, address);
    } catch (error) {
      uplink.destroy();
      log('error', `cannot use the uplink of ${robot}, which a standby holds: ${errorMessage(error)}`);
    }
  };
  links.serveWith((stream, address) => {
    if (open.size >= MAX_LINKS || ending.signal.aborted) return void stream.destroy();
    const link = openHubLink(stream, {
      ...{ identity: fleet.identity, max, clock },
      record: (connection) => fleet.record(connection),
      onOpen: (uplink, announced) => void add(uplink, announced),
      onPing: (robot) => sessions.seen(robot),
      onEnd: (reason) => {
        open.delete(link);
        log('info', `the link of the standby at ${address} ended: ${reason}`);
      },
    });
    open.set(link, address);
    log('info', `the standby at ${address} holds connections of robots for this hub`);
  });
  return {
    takeOver: async () => {
      const { held } = links;
      if (!held) return;
      held.takeOver((robot) => sessions.seen(robot));
      const perTurn = Math.max(1, Math.ceil((perSec * TURN_MS) / 1000));
      const waiting = [...held.all()];
      if (waiting.length > 0) log('info', `uses the connections of ${waiting.length} robots that it held as a standby`);
      while (waiting.length > 0 && !ending.signal.aborted) {
        const turn = waiting.splice(0, perTurn).filter(({ id }) => held.get(id));
        await Promise.all(turn.map(({ uplink, address }) => add(uplink, { address, isHeld: true })));
        await pause(clock, TURN_MS, ending.signal);
      }
    },
    figures: () => [...open].map(([link, address]) => ({ address, robots: link.size })),
    close: () => {
      ending.abort();
      for (const link of [...open.keys()]) link.close();
    },
  };
}
