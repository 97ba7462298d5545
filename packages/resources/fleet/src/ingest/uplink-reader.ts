import type { UplinkState } from '@medkit/contract';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { clearProblems, noteProblem } from '../robots/problems.ts';
import { cursorIn, robotNamed, type StoredCursor } from '../robots/robot-rows.ts';
import type { RobotClocks } from './correct-time.ts';
import { type IngestOutcome, type IngestPart, ingestBatch } from './ingest.ts';
import { readClocks, type StoredState, storeStates } from './store-state.ts';

/** Stores what sessions read from uplink logs. */
export interface UplinkReader {
  cursor(robot: string): Promise<StoredCursor | undefined>;
  storeState(robot: string, epoch: number, state: UplinkState): Promise<StoredState>;
  ingest(batch: readonly IngestPart[]): Promise<ReadonlyMap<string, IngestOutcome>>;
  /** Notes that a robot sends more than the hub reads, with a text for people; `undefined` if it sends less again. */
  noteThrottled(robot: string, problem: string | undefined): Promise<void>;
}

export function uplinkReader(context: FleetContext): UplinkReader {
  /** Clocks by number of the robot, at most one for each robot of the hub. */
  const clocks = new Map<number, Promise<RobotClocks>>();
  const storeState = storeStates(context);
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
      return row && cursorIn(row);
    },
    storeState: async (robot, epoch, state) => {
      const { id, stored, clocks: measured } = await storeState({ robot, epoch, state });
      // A state measures the clock of its boot again, and begins the session of a new machine.
      if (stored.outcome === 'stored') clocks.set(id, Promise.resolve(measured));
      return stored;
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
