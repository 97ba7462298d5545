import { type FleetStore, optionalNumber, optionalText, textOf } from '../fleet-context.ts';

/** An event of a fault of a robot, numbered in the order in which the hub stored the events of all robots. */
export interface FleetFaultEvent {
  readonly id: number;
  readonly robot: string;
  /** Time of the event, corrected by the clock of the hub, milliseconds since 1970. */
  readonly atMs: number;
  /** Width of that time; absent if it is unknown. */
  readonly uncertainMs?: number;
  /** The event as the fault stream of the robot has it. The hub checked its code, severity and origin only. */
  readonly body: object;
}

/** The fault events of all robots. Numbers have gaps: other records have numbers, too. */
export interface FaultEventLog {
  /** Returns the number of the newest event, and the oldest number that is stored; 0 without events. */
  bounds(): Promise<{ readonly oldestId: number; readonly newestId: number }>;
  /** Returns up to `limit` events after number `id`, in their order. */
  after(id: number, limit: number): Promise<readonly FleetFaultEvent[]>;
  /** Returns the number after which the last `count` events follow. */
  beforeLast(count: number): Promise<number>;
}

/** A fault event has a code; evidence records have one as well. */
const IS_FAULT = "kind = 'fault' AND code IS NOT NULL";

/** Reads the fault events of all robots from the record. */
export function faultEventLog(store: FleetStore): FaultEventLog {
  return {
    bounds: async () => {
      const [row] = await store.read(
        `SELECT (SELECT min(id) FROM fleet_events) AS oldest, (SELECT max(id) FROM fleet_events WHERE ${IS_FAULT}) AS newest`,
      );
      return { oldestId: Number(row?.oldest ?? 0), newestId: Number(row?.newest ?? 0) };
    },
    after: async (id, limit) => {
      const rows = await store.read(
        `SELECT e.id, r.name, e.at_ms, e.uncertain_ms, e.body FROM fleet_events e JOIN fleet_robots r ON r.id = e.robot
         WHERE e.id > ? AND ${IS_FAULT} ORDER BY e.id LIMIT ?`,
        [id, limit],
      );
      return rows.map((row) => {
        const uncertainMs = optionalNumber(row.uncertain_ms);
        return {
          id: Number(row.id),
          robot: textOf(row.name!),
          atMs: Number(row.at_ms),
          ...(uncertainMs !== undefined && { uncertainMs }),
          body: JSON.parse(optionalText(row.body) ?? '{}') as object,
        };
      });
    },
    beforeLast: async (count) => {
      const [row] = await store.read(
        `SELECT min(id) AS first FROM (SELECT id FROM fleet_events WHERE ${IS_FAULT} ORDER BY id DESC LIMIT ?) AS newest`,
        [count],
      );
      return Math.max(0, Number(row?.first ?? 1) - 1);
    },
  };
}
