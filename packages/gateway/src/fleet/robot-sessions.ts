import { errorMessage, type Log } from '@medkit/core';
import type { Clock, HttpStreams, Random } from '@medkit/edges';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { type Fleet, HUB_REASONS, type RobotPings } from '@medkit/fleet';
import { type HubUplink, pingPeriodMs, type Refusal, stopRetryMs } from '@medkit/tunnel';

/** Interval in which pings are noted in the record, for all robots in one statement. */
const SEEN_MS = 60_000;

/** The open uplink of one robot. */
export interface RobotSession {
  readonly robot: string;
  /** Number of this session in the record, which rises with each session of the robot. */
  readonly epoch: number;
  readonly hello: HubUplink['hello'];
  readonly address: string;
  /** Routes of the uplink log. */
  readonly uplink: HttpStreams;
  /** The whole API of the robot. */
  readonly gateway: HttpStreams;
  /** The API again, for files: paced by the robot. */
  readonly files: HttpStreams;
  /** Aborted when the session has ended. */
  readonly signal: AbortSignal;
  /** Cuts the session. */
  destroy(): void;
}

export interface RobotSessionsOptions {
  readonly fleet: Pick<Fleet, 'connected' | 'disconnected' | 'onChange' | 'seen'>;
  readonly pings: RobotPings;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
  /** Called for each new session. */
  readonly onOpen: (session: RobotSession) => void;
}

/** The open uplinks of a hub, at most one of each robot. */
export interface RobotSessions {
  /** Takes over an uplink after its handshake. A newer uplink of a robot replaces an earlier one. */
  add(uplink: HubUplink, address: string): Promise<void>;
  get(robot: string): RobotSession | undefined;
  /** Resolves when a robot connects that is not connected, or when the signal aborts. */
  connected(robot: string, signal: AbortSignal): Promise<void>;
  /** Notes a ping of a robot. */
  seen(robot: string): void;
  readonly size: number;
  /** Returns the open sessions. */
  all(): readonly RobotSession[];
  /** Ends all sessions, each with the time at which the robot is to return. Resolves when the record has noted it. */
  stop(): Promise<void>;
}

interface Entry {
  readonly session: RobotSession;
  readonly end: HubUplink['end'];
}

/** Opens the registry of uplinks. Ends a session when the record reports that its robot may not connect any more. */
export function robotSessions({ fleet, pings, clock, random, log, onOpen }: RobotSessionsOptions): RobotSessions {
  const open = new Map<string, Entry>();
  const endings = new Set<Promise<void>>();
  /** Called when a robot connects; event streams wait, which are limited for each robot. */
  const waiting = new Map<string, Set<() => void>>();
  let pinged = new Set<string>();
  let isStopped = false;

  const note = (robot: string, work: Promise<void>): void => {
    const noted = work
      .catch((error: unknown) => log('error', `cannot note the presence of ${robot}: ${errorMessage(error)}`))
      .finally(() => endings.delete(noted));
    endings.add(noted);
  };
  const stopListening = fleet.onChange(({ robot, ended }) => {
    if (ended) open.get(robot)?.end(ended);
  });
  const noting = clock.every(SEEN_MS, () => {
    const robots = [...pinged];
    pinged = new Set();
    if (robots.length > 0) note(`${robots.length} robots`, fleet.seen(robots));
  });

  const register = (uplink: HubUplink, { epoch, address }: { readonly epoch: number; readonly address: string }) => {
    const { robot } = uplink.welcome;
    const gone = new AbortController();
    const session: RobotSession = {
      robot,
      epoch,
      hello: uplink.hello,
      address,
      uplink: httpStreamsOver(uplink.dial('uplink')),
      gateway: httpStreamsOver(uplink.dial('gateway')),
      files: httpStreamsOver(uplink.dial('files')),
      signal: gone.signal,
      destroy: () => uplink.destroy(),
    };
    open.get(robot)?.session.destroy();
    pings.connected(robot, pingPeriodMs(uplink.hello.link.keepalive_sec, uplink.welcome.policy.keepalive_max_sec));
    open.set(robot, { session, end: (farewell) => uplink.end(farewell) });
    void uplink.ended.then((reason) => {
      gone.abort();
      if (open.get(robot)?.session === session) {
        open.delete(robot);
        pings.disconnected(robot);
      }
      note(robot, fleet.disconnected(robot, epoch, isStopped ? HUB_REASONS.stops : reason));
    });
    onOpen(session);
    for (const wake of [...(waiting.get(robot) ?? [])]) wake();
  };
  return {
    add: async (uplink, address) => {
      const { hello, welcome } = uplink;
      const lease = await fleet.connected(welcome.robot, { hello, address, fingerprint: uplink.fingerprint });
      const refusal = 'refused' in lease ? lease : undefined;
      if (refusal) return uplink.end(refusal);
      const { epoch } = lease as Exclude<typeof lease, Refusal>;
      if (isStopped || (open.get(welcome.robot)?.session.epoch ?? 0) > epoch) {
        uplink.destroy();
        note(welcome.robot, fleet.disconnected(welcome.robot, epoch, HUB_REASONS.stops));
      } else register(uplink, { epoch, address });
    },
    get: (robot) => open.get(robot)?.session,
    connected: (robot, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || open.has(robot)) return resolve();
        const wakes = waiting.get(robot) ?? new Set();
        waiting.set(robot, wakes);
        const wake = (): void => {
          wakes.delete(wake);
          if (wakes.size === 0 && waiting.get(robot) === wakes) waiting.delete(robot);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        wakes.add(wake);
        signal.addEventListener('abort', wake);
      }),
    seen: (robot) => {
      pinged.add(robot);
      pings.ping(robot);
    },
    all: () => [...open.values()].map(({ session }) => session),
    get size() {
      return open.size;
    },
    stop: async () => {
      isStopped = true;
      noting.cancel();
      stopListening();
      const robots = open.size;
      const ended = [...open.values()].map(({ session, end }) => {
        end({ retry_ms: stopRetryMs(robots, random) });
        return aborted(session.signal);
      });
      await Promise.all(ended);
      await Promise.all(endings);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
