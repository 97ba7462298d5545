import type { FaultListItem, UplinkState } from '@medkit/contract';
import { taskQueue } from '@medkit/edges';
import type { Row, Statement } from '@medkit/store';
import { type FleetContext, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { failedStep, joinSteps, type PlannedStep } from '../join-steps.ts';
import { stateStatement } from '../known/known-state.ts';
import { noRobot } from '../robots/robot-rows.ts';
import { valueList } from '../robots/value-list.ts';
import type { RobotClocks } from './correct-time.ts';

/** Boots of one robot whose clock is stored: older ones have no unread records. */
const MAX_BOOTS = 32;

export interface StateRequest {
  readonly robot: string;
  readonly epoch: number;
  readonly state: UplinkState;
}

const LEASE = 'FROM fleet_cursors c WHERE c.robot = ? AND c.epoch = ?';

/** The outcome of storing a state. `fenced`: a newer session has the lease. */
export type StoredState =
  | { readonly outcome: 'fenced' }
  /** `seq` is the number of the last stored record of the log; absent if the hub has read another log. */
  | { readonly outcome: 'stored'; readonly seq: number | undefined };

/** The outcome with the number of the robot, and its clocks. */
export interface StateOutcome {
  readonly id: number;
  readonly stored: StoredState;
  readonly clocks: RobotClocks;
}

/**
 * Returns a function that stores the present state of a robot, which was read by the session of this epoch: the active
 * faults, and the clock of this boot. A log with another id begins at its first record, and may repeat stored ones.
 */
export const storeStates = (context: FleetContext): ((request: StateRequest) => Promise<StateOutcome>) =>
  joinSteps({
    // One group at a time; other changes of the record do not wait for it.
    context: { store: context.store, exclusive: taskQueue() },
    robotOf: ({ robot }: StateRequest) => robot,
    plan: async (requests: readonly StateRequest[]) => {
      const found = await storedRobots(
        context,
        requests.map(({ robot }) => robot),
      );
      return requests.map((request) => {
        const stored = found.get(request.robot);
        return stored ? planState(context, request, stored) : failedStep(noRobot(request.robot));
      });
    },
  });

/** @param stored what is stored of the robot; statements that would change none of it are left out */
function planState(
  context: FleetContext,
  { robot, epoch, state }: StateRequest,
  { id, log, seq, hasFaults, treeEtag, clocks }: StoredRobot,
): PlannedStep<StateOutcome> {
  const gotMs = nowMs(context);
  const lease = [id, epoch] as const;
  const isSameLog = log === state.log;
  const hasTree = treeEtag === state.tree_etag;
  const clock = {
    baseMs: bounded(gotMs - state.mono_ms, 0, gotMs),
    offsetMs: bounded(gotMs - state.at_ms, -gotMs, gotMs),
  };
  const boots = new Map(clocks.boots).set(state.boot, clock);
  return {
    statements: [
      ...(isSameLog ? [continueLog(state, gotMs, lease)] : beginLog(state, gotMs, lease)),
      ...(hasFaults || state.faults.length > 0 ? faultStatements(state, lease) : []),
      stateStatement(state, gotMs, lease),
      {
        sql: `INSERT INTO fleet_clocks (robot, boot, base_ms, offset_ms) SELECT c.robot, ?, ?, ? ${LEASE}
              ON CONFLICT (robot, boot) DO UPDATE SET base_ms = excluded.base_ms, offset_ms = excluded.offset_ms`,
        parameters: [state.boot, clock.baseMs, clock.offsetMs, ...lease],
      },
      ...(boots.size > MAX_BOOTS
        ? [
            {
              sql: `DELETE FROM fleet_clocks WHERE robot = ? AND boot NOT IN
                      (SELECT boot FROM fleet_clocks WHERE robot = ? ORDER BY boot DESC LIMIT ${MAX_BOOTS})`,
              parameters: [id, id],
            },
          ]
        : []),
      ...(hasTree
        ? [
            {
              sql: `UPDATE fleet_trees SET at_ms = ? WHERE robot = ? AND etag = ? AND EXISTS (SELECT 1 ${LEASE})`,
              parameters: [gotMs, id, state.tree_etag, ...lease],
            },
          ]
        : []),
    ],
    finish: ([moved]) => {
      if (moved!.changes === 0) return { id, stored: { outcome: 'fenced' }, clocks };
      context.notify({ robot, topic: 'faults' });
      if (!hasTree) context.notify({ robot, topic: 'tree' });
      return { id, stored: { outcome: 'stored', seq: isSameLog ? seq : undefined }, clocks: { boots } };
    },
  };
}

/** What is stored of a robot before its state. */
interface StoredRobot {
  readonly id: number;
  readonly log: string | undefined;
  readonly seq: number;
  readonly hasFaults: boolean;
  readonly treeEtag: string | undefined;
  readonly clocks: RobotClocks;
}

async function storedRobots(
  { store }: Pick<FleetContext, 'store'>,
  robots: readonly string[],
): Promise<ReadonlyMap<string, StoredRobot>> {
  const list = valueList(robots);
  const rows = await store.read(
    `SELECT r.id, r.name, c.log, c.seq, t.etag,
       EXISTS (SELECT 1 FROM fleet_faults f WHERE f.robot = r.id) AS faults,
       coalesce((SELECT json_group_array(json_array(k.boot, k.base_ms, k.offset_ms)) FROM fleet_clocks k
                 WHERE k.robot = r.id), '[]') AS clocks
     FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id LEFT JOIN fleet_trees t ON t.robot = r.id
     WHERE r.name IN ${list.sql}`,
    list.parameters,
  );
  return new Map(rows.map((row) => [textOf(row.name!), storedIn(row)] as const));
}

function storedIn(row: Row): StoredRobot {
  const clocks = JSON.parse(textOf(row.clocks!)) as readonly (readonly [number, number, number])[];
  return {
    id: Number(row.id),
    log: optionalText(row.log),
    seq: Number(row.seq),
    hasFaults: row.faults === 1,
    treeEtag: optionalText(row.etag),
    clocks: { boots: new Map(clocks.map(([boot, baseMs, offsetMs]) => [boot, { baseMs, offsetMs }] as const)) },
  };
}

type Lease = readonly [robot: number, epoch: number];

const continueLog = ({ log, newest, more_faults }: UplinkState, gotMs: number, lease: Lease): Statement => ({
  sql: `UPDATE fleet_cursors SET newest = ?, state_ms = ?, state_epoch = ?, more_faults = ?
        WHERE robot = ? AND epoch = ? AND log = ?`,
  parameters: [newest, gotMs, lease[1], more_faults, ...lease, log],
});

const beginLog = ({ log, newest, more_faults }: UplinkState, gotMs: number, lease: Lease): readonly Statement[] => [
  {
    sql: `UPDATE fleet_cursors SET newest = ?, state_ms = ?, state_epoch = ?, more_faults = ?, log = ?, seq = 0,
            hash = zeroblob(16), at_ms = NULL,
            repeats = (SELECT max(e.seq) FROM fleet_events e WHERE e.robot = fleet_cursors.robot)
          WHERE robot = ? AND epoch = ?`,
    parameters: [newest, gotMs, lease[1], more_faults, log, ...lease],
  },
  {
    // A new history states again what evidence there is.
    sql: `DELETE FROM fleet_evidence WHERE robot = ? AND log <> ? AND EXISTS (SELECT 1 ${LEASE})`,
    parameters: [lease[0], log, ...lease],
  },
];

const faultStatements = ({ faults }: UplinkState, lease: Lease): readonly Statement[] => [
  { sql: `DELETE FROM fleet_faults WHERE robot = ? AND EXISTS (SELECT 1 ${LEASE})`, parameters: [lease[0], ...lease] },
  ...faults.map((fault) => ({
    sql: `INSERT INTO fleet_faults (robot, origin, code, severity, body) SELECT c.robot, ?, ?, ?, ? ${LEASE}
          ON CONFLICT DO NOTHING`,
    parameters: [originOf(fault), fault.fault_code, fault.severity, JSON.stringify(fault), ...lease],
  })),
];

/** Bounds a time that a robot states: a boot began after 1970, and a clock that is further away was never set. */
const bounded = (ms: number, minMs: number, maxMs: number): number => Math.round(Math.min(Math.max(ms, minMs), maxMs));

/** Returns the gateway behind the robot that has a fault; empty for the robot. */
function originOf(fault: FaultListItem): string {
  const origin = (fault as { readonly 'x-medkit-origin'?: unknown })['x-medkit-origin'];
  return typeof origin === 'string' ? origin : '';
}

/** Reads what is stored of the clocks of a robot. */
export async function readClocks({ store }: FleetContext, robot: number): Promise<RobotClocks> {
  const rows = await store.read('SELECT boot, base_ms, offset_ms FROM fleet_clocks WHERE robot = ?', [robot]);
  return {
    boots: new Map(
      rows.map((row) => [Number(row.boot), { baseMs: Number(row.base_ms), offsetMs: Number(row.offset_ms) }] as const),
    ),
  };
}
