import type { Clock } from '@medkit/edges';

/**
 * Periods without a ping after which a robot is late: one, and a tenth for the time that a ping may take on a slow link.
 * The hub ends the session after 2.5 periods.
 */
const LATE_PERIODS = 1.1;

/** The last pings of the connected robots. In memory only: a robot sends thousands a day. */
export interface RobotPings {
  /** Begins with the uplink of a robot, whose pings are due every `periodMs`. */
  connected(robot: string, periodMs: number): void;
  /** Does nothing if the robot is not connected. */
  ping(robot: string): void;
  disconnected(robot: string): void;
  /** Names of the robots whose ping is overdue. */
  late(): readonly string[];
  /** Wall clock of the last ping, or of the connect, milliseconds; `undefined` if the robot is not connected. */
  lastMs(robot: string): number | undefined;
}

/** Opens the registry of pings. */
export function robotPings(clock: Clock): RobotPings {
  const pings = new Map<string, { readonly periodMs: number; lastMs: number }>();
  const ageMs = ({ lastMs }: { readonly lastMs: number }): number => clock.monotonicMs() - lastMs;
  return {
    connected: (robot, periodMs) => void pings.set(robot, { periodMs, lastMs: clock.monotonicMs() }),
    ping: (robot) => {
      const known = pings.get(robot);
      if (known) known.lastMs = clock.monotonicMs();
    },
    disconnected: (robot) => void pings.delete(robot),
    late: () => [...pings].flatMap(([robot, ping]) => (ageMs(ping) > LATE_PERIODS * ping.periodMs ? [robot] : [])),
    lastMs: (robot) => {
      const known = pings.get(robot);
      return known && Math.floor(clock.wallMs() - ageMs(known));
    },
  };
}
