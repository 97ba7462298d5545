import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { type Fleet, openFleet } from '@medkit/fleet';
import { helloOf } from '../packages/resources/fleet/src/testing/fleet-stage.ts';
import { type RobotLog, robotLog } from '../packages/resources/fleet/src/testing/robot-log.ts';
import { missingSystemPackages } from '../test/harness/system-packages.ts';
import { type IngestDatabase, postgresIngest, sqliteIngest } from './ingest-databases.ts';
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
 * Costs of the record of a fleet hub, from received lines to the commit, on SQLite and on PostgreSQL: one robot that records
 * continuously, compared with the same rows in baseline transactions of node:sqlite or in `unnest` inserts of `pg`, and
 * all robots that return with a backlog, compared with the one robot.
 */
export async function fleetIngest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  try {
    await ingestInto(await sqliteIngest(folder));
    const missing = missingSystemPackages('postgres');
    if (missing) console.log(`not on PostgreSQL: ${missing}`);
    else await ingestInto(await postgresIngest());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ingestInto(opened: IngestDatabase): Promise<void> {
  await using database = opened;
  const { store, hasPartitions } = database;
  const secret = new Uint8Array(32);
  const options = { store, hasPartitions, clock: systemClock, random: systemRandom, secret, log: console.warn };
  const fleet = await openFleet(options);
  try {
    await enrolRobots(fleet);
    const perRecord = await oneRobot(fleet, database);
    await backlog(fleet, database, perRecord);
  } finally {
    fleet.close();
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

/** Processor time of a record, microseconds. */
interface Costs {
  readonly client: number[];
  readonly server: number[];
}

/** One robot in batches of 200 records. Returns the processor time of a record in this process, microseconds. */
async function oneRobot(fleet: Fleet, database: IngestDatabase): Promise<number> {
  const records = (WARM_UP + ROUNDS) * BATCH * BATCHES;
  const log = logWith('log', records);
  await fleet.storeState('r0', 1, log.state([], { newest: 0 }));
  const [record, row]: readonly Costs[] = [
    { client: [], server: [] },
    { client: [], server: [] },
  ];
  for (let round = 0, after = 0; round < WARM_UP + ROUNDS; round += 1, after += BATCH * BATCHES) {
    const [before, serverBefore] = [cpuUs(), database.serverUs()];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const start = after + batch * BATCH;
      const part = { robot: 'r0', epoch: 1, log: 'log', after: start, records: log.lines.slice(start, start + BATCH) };
      if ((await fleet.ingest([part])).get('r0') !== 'stored') throw new Error('not stored');
    }
    const middle = cpuUs();
    await baselineBatches(database, log, after);
    const [end, serverEnd] = [cpuUs(), database.serverUs()];
    if (round < WARM_UP) continue;
    record.client.push((middle - before) / (BATCH * BATCHES));
    row.client.push((end - middle) / (BATCH * BATCHES));
    if (!serverBefore || !serverEnd) continue;
    record.server.push((serverEnd.store - serverBefore.store) / (BATCH * BATCHES));
    row.server.push((serverEnd.baseline - serverBefore.baseline) / (BATCH * BATCHES));
  }
  for (const [side, name] of [
    ['client', 'CPU'],
    ['server', 'CPU of the server'],
  ] as const) {
    if (record[side].length === 0) continue;
    console.log(`a record in batches of ${BATCH}, ${name}: ${formatRounds(record[side])} µs`);
    console.log(`the same row in baseline transactions: ${formatRounds(row[side])} µs`);
    console.log(
      `${database.name} ${side}: ${(median(record[side]) / median(row[side])).toFixed(2)} times the baseline rows`,
    );
  }
  return median(record.client);
}

async function baselineBatches(database: IngestDatabase, log: RobotLog, after: number): Promise<void> {
  const nowMs = Date.now();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const start = after + batch * BATCH;
    const lines = log.lines.slice(start, start + BATCH);
    await database.insert(
      lines.map(({ seq, text }) => ({
        ...{ seq, nowMs, hash: Buffer.from(text.slice(60, 76)), code: `CODE_${seq % 20}`, body: text },
      })),
    );
  }
}

/** All robots with a backlog, 50 of them in each transaction. */
async function backlog(fleet: Fleet, { serverUs }: IngestDatabase, oneRobotUs: number): Promise<void> {
  const perRobot = 1000 / TOGETHER;
  const log = logWith('backlog', BACKLOG);
  const robots = Array.from({ length: ROBOTS - 1 }, (_, index) => nameOf(index + 1));
  for (const robot of robots) await fleet.storeState(robot, 1, log.state());
  const [before, serverBefore, startMs] = [cpuUs(), serverUs(), performance.now()];
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
  const server = serverBefore && (serverUs()!.store - serverBefore.store) / records;
  const perSecond = (1000 * records) / (performance.now() - startMs);
  console.log(
    `a record of ${robots.length} robots with ${BACKLOG} records each, CPU: ${us.toFixed(1)} µs${server === undefined ? '' : ` and ${server.toFixed(1)} µs of the server`}, ${perSecond.toFixed(0)}/s`,
  );
  console.log(`catch-up: ${(oneRobotUs / us).toFixed(2)} of the rate of one robot`);
}
