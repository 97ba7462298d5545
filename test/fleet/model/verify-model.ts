import assert from 'node:assert/strict';
import type { Row } from '@medkit/store';
import type { ModelHub } from './model-hub.ts';
import { HUB, type ModelRobot } from './model-robot.ts';

const hex = (value: unknown): string => Buffer.from(value as Uint8Array).toString('hex');
const identity = ({ seq, hash }: Row): string => `${seq} ${hex(hash)}`;

/**
 * Checks a quiet fleet, in which each robot is connected and read to its end: every record of a robot is at the hub once
 * and in order, or within a stated hole; the active faults are those of the robot; numbers agree with the rows; and each
 * issue has the occurrences with its cause.
 */
export async function verifyModel(hub: ModelHub, robots: readonly ModelRobot[]): Promise<void> {
  let faults = 0;
  for (const robot of robots) {
    await verifyRecords(hub, robot);
    faults += await verifyFaults(hub, robot);
  }
  const { items } = await hub.fleet.robots({ limit: 500 });
  const counts = await hub.fleet.counts();
  assert.equal(counts.presence['online'], robots.length, 'every robot is online');
  assert.equal(counts.robots, items.length);
  const counted = Object.values(counts.faults).reduce((sum, count) => sum + count, 0);
  assert.equal(counted, faults, 'the number of active faults');
  assert.equal((await hub.fleet.faults({ limit: 1 })).total, faults);
  await verifyIssues(hub);
}

async function verifyIssues(hub: ModelHub): Promise<void> {
  const { differences } = await hub.fleet.issues.recount();
  assert.deepEqual(differences, [], 'the numbers of issues and hours');
  const wrong = await hub.store.read(
    `SELECT i.fingerprint FROM fleet_issues i WHERE i.n = 0 OR EXISTS
       (SELECT 1 FROM fleet_occurrences o WHERE o.issue = i.id AND coalesce(o.cause, '') <> coalesce(i.cause, ''))`,
  );
  assert.deepEqual(wrong, [], 'issues without occurrences, or with those of another cause');
}

async function verifyRecords(hub: ModelHub, robot: ModelRobot): Promise<void> {
  const { name } = robot;
  const events = await hub.store.read(
    `SELECT e.* FROM fleet_events e JOIN fleet_robots r ON r.id = e.robot WHERE r.name = ? ORDER BY e.id LIMIT 10000`,
    [name],
  );
  const stored = new Map<string, Row[]>();
  for (const event of events) stored.set(identity(event), [...(stored.get(identity(event)) ?? []), event]);
  for (const [key, rows] of stored) {
    const times = new Set(rows.map(({ robot_ms }) => robot_ms));
    assert.equal(times.size, rows.length, `record ${key} of ${name} is stored twice`);
  }
  const isInHole = holesOf(events);
  let previousId = 0;
  const records = await robot.records();
  for (const record of records) {
    const [event] = stored.get(identity(record)) ?? [];
    // A clone or an older copy of the disk may have stated a hole where this disk has a record.
    if (!event && isInHole(Number(record.seq))) continue;
    assert.ok(event, `record ${record.seq} (${record.kind}) of ${name} is missing at the hub`);
    assert.deepEqual([event.kind, event.body], [record.kind, record.body]);
    assert.ok(Number(event.at_ms) <= Number(event.got_ms), `record ${record.seq} of ${name} is in the future`);
    if (isInHole(Number(record.seq))) continue;
    assert.ok(Number(event.id) > previousId, `record ${record.seq} of ${name} is out of order`);
    previousId = Number(event.id);
  }
  const { log, newest, hash } = await robot.log.head(HUB);
  assert.deepEqual(await hub.fleet.cursor(name), { log, seq: newest, hash }, `the cursor of ${name}`);
  const numbers = new Set([...records, ...events].map(({ seq }) => Number(seq)));
  for (let seq = 1; seq <= newest; seq += 1) {
    assert.ok(numbers.has(seq) || isInHole(seq), `record ${seq} of ${name} is neither at the hub nor in a hole`);
  }
}

/** Returns whether a number is in a hole that a robot has stated. */
function holesOf(events: readonly Row[]): (seq: number) => boolean {
  const holes = events.filter(({ kind }) => kind === 'hole').map(({ body }) => JSON.parse(String(body)));
  return (seq) => holes.some(({ from, to }) => from <= seq && seq <= to);
}

async function verifyFaults(hub: ModelHub, robot: ModelRobot): Promise<number> {
  const { items, total } = await hub.fleet.faults({ robot: robot.name, limit: 500 });
  const found = items.map(({ fault }) => `${fault.fault_code} ${fault.severity}`).sort();
  const expected = [...robot.active].map(([code, { severity }]) => `${code} ${severity}`).sort();
  assert.deepEqual(found, expected, `the active faults of ${robot.name}`);
  return total;
}
