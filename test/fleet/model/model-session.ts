import assert from 'node:assert/strict';
import type { UplinkState } from '@medkit/contract';
import type { IngestPart } from '@medkit/fleet';
import type { RecordLine } from '@medkit/uplink';
import type { ModelHub } from './model-hub.ts';
import { HUB, type ModelRobot } from './model-robot.ts';

/** Maximum records of one read. */
const MAX_LINES = 20;

/** An open uplink at the hub. Each step reads from the robot or stores what was read, so that sessions interleave. */
export interface ModelSession {
  readonly robot: ModelRobot;
  readonly epoch: number;
  /** Start of the robot's program that serves it. */
  readonly start: number;
  /** Whether the connection is open. Otherwise the hub only stores what it has received. */
  isOpen: boolean;
  next: 'read-state' | 'store-state' | 'read-log' | 'ingest' | 'acknowledge' | 'ended';
  state: UplinkState | undefined;
  after: number;
  lines: readonly RecordLine[];
  /** The part that was stored last, for repetitions. */
  last: IngestPart | undefined;
  /** Severities of the faults that are active after the state and the later records that were stored. */
  active: Map<string, number>;
}

export const newSession = (robot: ModelRobot, epoch: number): ModelSession => ({
  ...{ robot, epoch, start: robot.starts, isOpen: true, next: 'read-state', state: undefined },
  ...{ after: 0, lines: [], last: undefined, active: new Map() },
});

/** Runs one step of a session; `limit` is a number in [0, 1). Returns whether the session has nothing to read. */
export async function stepSession(session: ModelSession, hub: ModelHub, limit: number): Promise<boolean> {
  const { robot, epoch, state } = session;
  const canRead = session.isOpen && session.start === robot.starts;
  switch (session.next) {
    case 'read-state':
      if (!canRead) return end(session);
      session.state = await robot.state();
      session.next = 'store-state';
      return false;
    case 'store-state': {
      const stored = await hub.fleet.storeState(robot.name, epoch, state!);
      if (stored.outcome === 'fenced') return end(session);
      session.after = stored.seq ?? 0;
      session.active = new Map(state!.faults.map(({ fault_code, severity }) => [fault_code, severity]));
      session.next = 'read-log';
      await verifyActive(session, hub);
      return false;
    }
    case 'read-log': {
      const lines = canRead
        ? await robot.read(state!.log, session.after, 1 + Math.floor(limit * MAX_LINES))
        : undefined;
      if (!lines) return end(session);
      session.lines = lines;
      if (lines.length > 0) session.next = 'ingest';
      return lines.length === 0;
    }
    case 'ingest':
      await ingestSessions([session], hub);
      return false;
    case 'acknowledge':
      if (!canRead) return end(session);
      await robot.log.setCursor(state!.log, { hub: HUB, seq: session.after });
      // Records that were removed may have changed the active faults.
      session.next = session.lines.some(({ text }) => text.startsWith('{"kind":"hole"')) ? 'read-state' : 'read-log';
      return false;
    case 'ended':
      return true;
  }
}

/** Stores what sessions of different robots have received, in one batch. */
export async function ingestSessions(sessions: readonly ModelSession[], hub: ModelHub): Promise<void> {
  const parts = sessions.map(({ robot, epoch, state, after, lines }) => {
    return { robot: robot.name, epoch, log: state!.log, after, records: lines };
  });
  const outcomes = await hub.fleet.ingest(parts);
  for (const [index, session] of sessions.entries()) {
    const outcome = outcomes.get(session.robot.name);
    if (outcome === 'fenced') end(session);
    else {
      assert.equal(outcome, 'stored', `the hub refused records of ${session.robot.name}`);
      session.last = parts[index];
      session.after = session.lines.at(-1)!.seq;
      session.next = 'acknowledge';
      applyLines(session);
      await verifyActive(session, hub);
    }
  }
}

/** Applies records that are later than the state to the active faults. */
function applyLines({ state, lines, active }: ModelSession): void {
  for (const { seq, text } of lines) {
    const { kind, body } = JSON.parse(text);
    if (kind !== 'fault' || seq <= state!.newest) continue;
    const { fault_code: code, severity } = body.fault;
    if (body.event_type === 'fault_healed') active.delete(code);
    else active.set(code, severity);
  }
}

/** Checks that the hub has the active faults which this session has stored, unless a newer session has the lease. */
async function verifyActive({ robot, epoch, active }: ModelSession, hub: ModelHub): Promise<void> {
  if (hub.leases.get(robot.name) !== epoch) return;
  const { items } = await hub.fleet.faults({ robot: robot.name });
  const found = items.map(({ fault }) => `${fault.fault_code} ${fault.severity}`).sort();
  const expected = [...active].map(([code, severity]) => `${code} ${severity}`).sort();
  assert.deepEqual(found, expected, `the active faults of ${robot.name} after its state and later records`);
}

function end(session: ModelSession): true {
  session.next = 'ended';
  return true;
}
