import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { FLEET_TABLES, type Fleet, openFleet } from '@medkit/fleet';
import { openStore } from '@medkit/store';
import { helloOf } from '../packages/resources/fleet/src/testing/fleet-stage.ts';
import { type RobotLog, robotLog } from '../packages/resources/fleet/src/testing/robot-log.ts';
import { formatRounds, median } from './process.ts';

const ROUNDS = 7;
/** Rounds that prepare statements and compile the code: 16,000 records of each. */
const WARM_UP = 4;
/** Records of one transaction. */
const BATCH = 200;
const BATCHES = 20;
/** Robots that return after an outage, and what each has recorded meanwhile. */
const [ROBOTS, BACKLOG] = [500, 200];
/** Robots of one batch of the backlog. */
const TOGETHER = 50;
/** About the body of a fault with its sources and thresholds: 0.69 kB. */
const MORE = {
  description: 'motor temperature above the limit of the drive',
  reporting_sources: Array(8).fill('/base/motor_driver/left_front'),
};

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * Costs of the record of a fleet hub, from received lines to the commit: one robot that records continuously, compared
 * with the same rows in baseline transactions of node:sqlite, and all robots that return with a backlog, compared with the
 * one robot.
 */
export async function fleetIngest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const store = await openStore({
    path: join(folder, 'fleet.db'),
    clock: systemClock,
    warn: console.warn,
    migrations: FLEET_TABLES,
  });
  const secret = new Uint8Array(32);
  const options = { store, clock: systemClock, random: systemRandom, secret, log: console.warn };
  const fleet = await openFleet(options);
  const baseline = new DatabaseSync(join(folder, 'baseline.db'));
  try {
    await enrolRobots(fleet);
    const perRecord = await oneRobot(fleet, baseline);
    await backlog(fleet, perRecord);
  } finally {
    fleet.close();
    baseline.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

const nameOf = (robot: number): string => `r${robot}`;

/** Connects the robots, with the epoch 1. */
async function enrolRobots(fleet: Fleet): Promise<void> {
  const { code } = await fleet.invite({ name_pattern: 'r{serial}', uses: ROBOTS, auto_approve: true }, 'ada');
  for (let robot = 0; robot < ROBOTS; robot += 1) {
    const record = fleet.record({ address: '127.0.0.1' });
    await record.enrol(`K${robot}`, { v: [1], enrol: code, machine: { serial: `${robot}` } });
    await fleet.connected(nameOf(robot), { hello: helloOf(), address: '127.0.0.1' });
  }
}

function logWith(name: string, records: number): RobotLog {
  const log = robotLog(name);
  for (let count = 0; count < records; count += 1) log.fault(`CODE_${count % 20}`, 'updated', MORE);
  return log;
}

/** One robot in batches of 200 records. Returns the processor time of a record, microseconds. */
async function oneRobot(fleet: Fleet, baseline: DatabaseSync): Promise<number> {
  baseline.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  for (const table of FLEET_TABLES['fleet']!.flat())
    if (/fleet_(events|cursors)\b/.test(String(table))) baseline.exec(String(table));
  baseline.exec('INSERT INTO fleet_cursors (robot) VALUES (1)');
  const records = (WARM_UP + ROUNDS) * BATCH * BATCHES;
  const log = logWith('log', records);
  await fleet.storeState('r0', 1, log.state([], { newest: 0 }));
  const costs: [number[], number[]] = [[], []];
  for (let round = 0, after = 0; round < WARM_UP + ROUNDS; round += 1, after += BATCH * BATCHES) {
    const before = cpuUs();
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const start = after + batch * BATCH;
      const part = { robot: 'r0', epoch: 1, log: 'log', after: start, records: log.lines.slice(start, start + BATCH) };
      if ((await fleet.ingest([part])).get('r0') !== 'stored') throw new Error('not stored');
    }
    const middle = cpuUs();
    baselineBatches(baseline, log, after);
    const end = cpuUs();
    if (round < WARM_UP) continue;
    costs[0].push((middle - before) / (BATCH * BATCHES));
    costs[1].push((end - middle) / (BATCH * BATCHES));
  }
  const [record, row] = costs.map(median) as [number, number];
  console.log(`a record in batches of ${BATCH}, CPU: ${formatRounds(costs[0])} µs`);
  console.log(`the same row in baseline transactions: ${formatRounds(costs[1])} µs`);
  console.log(`ingest-sqlite: ${(record / row).toFixed(2)} times the baseline rows`);
  return record;
}

function baselineBatches(baseline: DatabaseSync, log: RobotLog, after: number): void {
  const insert = baseline.prepare(
    `INSERT INTO fleet_events (robot, seq, hash, kind, boot, robot_ms, at_ms, uncertain_ms, got_ms, code, entity, severity, body)
     VALUES (1, ?, ?, 'fault', 1, ?, ?, 1000, ?, ?, 'arm', 2, ?)`,
  );
  const rows = log.lines
    .slice(after, after + BATCH * BATCHES)
    .map(({ seq, text }) => ({ seq, text, hash: text.slice(60, 76) }));
  const nowMs = Date.now();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    baseline.exec('BEGIN IMMEDIATE');
    for (const { seq, text, hash } of rows.slice(batch * BATCH, (batch + 1) * BATCH)) {
      insert.run(seq, Buffer.from(hash), nowMs, nowMs, nowMs, `CODE_${seq % 20}`, text);
    }
    baseline.exec(`UPDATE fleet_cursors SET seq = ${after + batch * BATCH} WHERE robot = 1`);
    baseline.exec('COMMIT');
  }
}

/** All robots with a backlog, 50 of them in each transaction. */
async function backlog(fleet: Fleet, oneRobotUs: number): Promise<void> {
  const perRobot = 1000 / TOGETHER;
  const log = logWith('backlog', BACKLOG);
  const robots = Array.from({ length: ROBOTS - 1 }, (_, index) => nameOf(index + 1));
  for (const robot of robots) await fleet.storeState(robot, 1, log.state());
  const [before, startMs] = [cpuUs(), performance.now()];
  for (let after = 0; after < BACKLOG; after += perRobot) {
    const records = log.after(after, perRobot);
    for (let first = 0; first < robots.length; first += TOGETHER) {
      const parts = robots
        .slice(first, first + TOGETHER)
        .map((robot) => ({ robot, epoch: 1, log: 'backlog', after, records }));
      for (const outcome of (await fleet.ingest(parts)).values()) if (outcome !== 'stored') throw new Error(outcome);
    }
  }
  const records = robots.length * BACKLOG;
  const us = (cpuUs() - before) / records;
  const perSecond = (1000 * records) / (performance.now() - startMs);
  console.log(
    `a record of ${robots.length} robots with ${BACKLOG} records each, CPU: ${us.toFixed(1)} µs, ${perSecond.toFixed(0)}/s`,
  );
  console.log(`catch-up: ${(oneRobotUs / us).toFixed(2)} of the rate of one robot`);
}
