import type { UplinkState } from '@medkit/contract';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { clearProblems, noteProblem } from '../robots/problems.ts';
import { robotNamed } from '../robots/robot-rows.ts';
import type { RobotClocks } from './correct-time.ts';
import { type IngestOutcome, type IngestPart, ingestBatch } from './ingest.ts';
import { readClocks, storeRobotState } from './store-state.ts';

/** How far the hub has stored the log of a robot. */
export interface StoredCursor {
  readonly log: string;
  readonly seq: number;
  /** Hexadecimal; empty if the record was removed before it was read. */
  readonly hash: string;
}

/** Stores what sessions read from uplink logs. */
export interface UplinkReader {
  cursor(robot: string): Promise<StoredCursor | undefined>;
  storeState(robot: string, epoch: number, state: UplinkState): Promise<'stored' | 'fenced'>;
  ingest(batch: readonly IngestPart[]): Promise<ReadonlyMap<string, IngestOutcome>>;
  /** Notes that a robot sends more than the hub reads, with a text for people; `undefined` if it sends less again. */
  noteThrottled(robot: string, problem: string | undefined): Promise<void>;
}

export function uplinkReader(context: FleetContext): UplinkReader {
  /** Clocks by number of the robot, at most one for each robot of the hub. */
  const clocks = new Map<number, Promise<RobotClocks>>();
  const clocksOf = (robot: number): Promise<RobotClocks> => {
    const known = clocks.get(robot) ?? readClocks(context, robot);
    clocks.set(robot, known);
    known.catch(() => clocks.delete(robot));
    return known;
  };
  return {
    cursor: async (robot) => {
      const [row] = await context.store.read(
        'SELECT c.log, c.seq, c.hash FROM fleet_cursors c JOIN fleet_robots r ON r.id = c.robot WHERE r.name = ?',
        [robot],
      );
      if (typeof row?.log !== 'string') return undefined;
      return { log: row.log, seq: Number(row.seq), hash: Buffer.from(row.hash as Uint8Array).toString('hex') };
    },
    storeState: async (robot, epoch, state) => {
      const { id, outcome } = await storeRobotState(context, { robot, epoch, state });
      // A state measures the clock of its boot again, and begins the session of a new machine.
      clocks.delete(id);
      return outcome;
    },
    ingest: (batch) => ingestBatch(context, clocksOf, batch),
    noteThrottled: async (robot, problem) => {
      const { id } = await robotNamed(context, robot);
      await context.store.write([
        problem === undefined
          ? clearProblems(id, ['uplink_throttled'])
          : noteProblem(id, 'uplink_throttled', problem, nowMs(context)),
      ]);
      context.notify({ robot, topic: 'robot' });
    },
  };
}
