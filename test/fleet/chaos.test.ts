import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { UplinkState } from '@medkit/contract';
import type { Store } from '@medkit/store';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { type RobotLog, robotLog } from '../../packages/resources/fleet/src/testing/robot-log.ts';
import { eventually } from '../harness/eventually.ts';
import { CHAOS_ENGINES, type ChaosDatabase, type ChaosEngine } from './chaos-databases.ts';

/** Records of the robot that sends as fast as the hub reads, and time for all of them on a busy machine. */
const FLOOD = 30_000;
const FLOOD_MS = 120_000;
const YEAR_1970_MS = 42_000;
const UPLINK_ROUTES = '/api/v1/x-medkit-uplink';

const closing: (() => unknown)[] = [];
const closeAll = async (): Promise<void> => {
  for (const close of closing.splice(0).reverse()) await close();
};

/** A hub, and the reads of its record. */
type ChaosHub = TestHub & Pick<Store, 'read'>;

async function startHub({ parts, read }: ChaosDatabase): Promise<ChaosHub> {
  const hub = await testHub({}, parts);
  closing.push(() => hub.close());
  return { ...hub, read };
}

/** Connects a robot whose requests `listener` answers. */
async function connect(hub: TestHub, name: string, listener: Parameters<typeof connectTestRobot>[1]): Promise<void> {
  const uplink = await connectTestRobot(await enrolTestRobot(hub, name), listener);
  closing.push(() => uplink.close());
}

/** Answers as a robot with this log: its state, its records, and 204 for the cursor. */
function servedLog(log: RobotLog, state: Partial<UplinkState> = {}, send = sendLines): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '', 'http://robot');
    if (request.method === 'PUT') response.writeHead(204).end();
    else if (url.pathname.endsWith('/state')) response.end(JSON.stringify(log.state([], state)));
    else void send(response, log, Number(url.searchParams.get('after')));
  };
}

/** Sends records, with regard to the speed of the reader, and lets the reply wait for further ones. */
async function sendLines(response: ServerResponse, log: RobotLog, after: number): Promise<void> {
  for (const { text } of log.lines.slice(after)) {
    if (response.destroyed) return;
    if (!response.write(`${text}\n`)) await drained(response);
  }
}

/** Waits until the reader has taken what was sent, or has left. */
async function drained(response: ServerResponse): Promise<void> {
  const left = new AbortController();
  const close = (): void => left.abort();
  response.once('close', close);
  await once(response, 'drain', { signal: left.signal }).catch(() => undefined);
  response.off('close', close);
}

async function rowsOf({ read }: ChaosHub, robot: string, columns: string) {
  const sql = `SELECT ${columns} FROM fleet_events e JOIN fleet_robots r ON r.id = e.robot WHERE r.name = ? ORDER BY e.seq`;
  return (await read(sql, [robot])).map((row) => Object.values(row));
}

const cursorOf = async (hub: TestHub, robot: string): Promise<number> =>
  (await hub.fleet('GET', `/robots/${robot}`)).json().log?.seq ?? 0;

/** A robot with a real log that writes an event every now and then, until it is stopped. */
async function startOther(hub: TestHub) {
  const other = await testUplinkRobot(7);
  await connect(hub, 'other', other.server);
  closing.push(() => other.close());
  /** Reports a fault, and resolves when the hub lists it. */
  const seen = async (code: string): Promise<void> => {
    await other.report(code);
    await eventually(`the fault ${code}`, async () => (await hub.fleet('GET', '/faults')).text.includes(code));
  };
  return { ...other, seen };
}

for (const { name, skip, start } of CHAOS_ENGINES) {
  describe(`a hub on ${name} and robots in trouble`, { skip }, () => {
    let engine: ChaosEngine;
    before(async () => {
      engine = await start();
    });
    after(async () => {
      await closeAll();
      await engine?.[Symbol.asyncDispose]();
    });

    it('a robot that sends as fast as the hub reads does not delay others', async () => {
      const hub = await startHub(engine.create());
      const log = robotLog('flood');
      for (let count = 0; count < FLOOD; count += 1) log.add('flood', { count });
      const other = await startOther(hub);
      await connect(hub, 'flood', servedLog(log));
      await eventually('the first records', async () => (await cursorOf(hub, 'flood')) > 0);
      for (let count = 0; count < 3; count += 1) await other.seen(`BESIDE_${count}`);
      const readMeanwhile = await cursorOf(hub, 'flood');
      assert.ok(readMeanwhile < FLOOD, 'the other robot did not wait for all of it');
      await eventually('all records', async () => (await cursorOf(hub, 'flood')) === FLOOD, FLOOD_MS);
      assert.deepEqual(
        await hub.read("SELECT count(*) AS n, count(DISTINCT seq) AS d FROM fleet_events WHERE kind = 'flood'"),
        [{ n: FLOOD, d: FLOOD }],
      );
    });

    it('robots that send a byte at a time do not delay others, and their records are stored when they are complete', async () => {
      const hub = await startHub(engine.create());
      const log = robotLog('slow');
      log.add('slow', {});
      for (let robot = 0; robot < 3; robot += 1) await connect(hub, `slow-${robot}`, servedLog(log, {}, sendBytes));
      const other = await startOther(hub);
      for (let count = 0; count < 3; count += 1) await other.seen(`BESIDE_${count}`);
      assert.equal(await cursorOf(hub, 'slow-0'), 0);
      await eventually('a slow record', async () => (await cursorOf(hub, 'slow-0')) === 1);
    });

    it('while the disk of the hub is full, robots keep their records, and the hub reads them later', async () => {
      const database = engine.create();
      const hub = await startHub(database);
      const other = await startOther(hub);
      await other.seen('BEFORE');
      const stored = (await other.uplink.log()!.head()).newest;
      await eventually('the cursor', async () => (await other.uplink.log()!.cursors())[0]?.seq === stored);
      database.setFull(true);
      for (let count = 0; count < 20; count += 1) await other.report(`FULL_${count}`);
      await eventually('a message', async () => hub.log.some((line) => /cannot read .* other: .*full/.test(line)));
      assert.equal((await other.uplink.log()!.cursors())[0]?.seq, stored, 'nothing is acknowledged that is not stored');
      database.setFull(false);
      await eventually('all records', async () => (await cursorOf(hub, 'other')) === stored + 20);
      assert.deepEqual(
        await hub.read('SELECT count(*) AS n, count(DISTINCT seq) AS d, max(seq) AS m FROM fleet_events'),
        [{ n: stored + 20, d: stored + 20, m: stored + 20 }],
      );
    });

    it('a robot whose clock begins in 1970 has its records at the time of the hub', async () => {
      const hub = await startHub(engine.create());
      const log = robotLog('1970');
      for (const monoMs of [1000, 61_000]) log.add('boot', {}, { atMs: YEAR_1970_MS - 61_000 + monoMs, monoMs });
      const startMs = Date.now();
      await connect(hub, 'amr-1970', servedLog(log, { at_ms: YEAR_1970_MS, mono_ms: 61_000 }));
      await eventually('its records', async () => (await cursorOf(hub, 'amr-1970')) === 2);
      const [[first, firstRobot], [last, lastRobot]] = (await rowsOf(hub, 'amr-1970', 'at_ms, robot_ms')) as [
        number,
        number,
      ][];
      assert.deepEqual([firstRobot, lastRobot], [YEAR_1970_MS - 60_000, YEAR_1970_MS]);
      assert.equal(last! - first!, 60_000);
      assert.ok(last! >= startMs - 1000 && last! <= Date.now(), 'the hub corrects the time by its own clock');
      const { items } = (await hub.fleet('GET', '/robots')).json();
      assert.deepEqual(items[0].problems, []);
    });

    it('a robot of a later version is read: unknown kinds and members are stored verbatim', async () => {
      const hub = await startHub(engine.create());
      const log = robotLog('later');
      log.add('hologram', { beam: 7 });
      log.add('fault', { event_type: 'fault_folded', fault: { fault_code: 'F', severity: 2, status: 'FOLDED' } });
      log.fault('KNOWN', 'confirmed', { later: { member: true } });
      const state: object = { later: [1], hubs: [{ hub: 'x', seq: 0, later: 2 }] };
      await connect(hub, 'later', servedLog(log, { newest: 0, ...state }));
      await eventually('its records', async () => (await cursorOf(hub, 'later')) === 3);
      const rows = await rowsOf(hub, 'later', 'kind, body');
      assert.deepEqual(rows[0], ['hologram', '{"beam":7}']);
      assert.equal(rows.length, 3);
      const { items } = (await hub.fleet('GET', '/faults')).json();
      assert.deepEqual(
        items.map(({ fault }: { fault: { fault_code: string; later: object } }) => [fault.fault_code, fault.later]),
        [['KNOWN', { member: true }]],
      );
      assert.deepEqual((await hub.fleet('GET', '/robots/later')).json().problems, []);
    });
  });
}

describe('a robot in trouble', () => {
  after(closeAll);

  it('a robot of an earlier version answers what it knows of a later hub, and names what it does not know', async () => {
    const robot = await testUplinkRobot(9);
    closing.push(() => robot.close());
    await robot.report('EARLY');
    const { newest, log } = await robot.uplink.log()!.head();
    const known = { hub: 'h', log, seq: newest, later: { member: 1 } };
    const cursor = await robot.app.inject({ method: 'PUT', url: `${UPLINK_ROUTES}/cursor`, payload: known });
    assert.equal(cursor.statusCode, 204, cursor.body);
    const parameter = await robot.app.inject(`${UPLINK_ROUTES}/log?after=0&wait_sec=0&later=1`);
    assert.deepEqual([parameter.statusCode, /later/.test(parameter.body)], [400, true], parameter.body);
    assert.equal((await robot.app.inject(`${UPLINK_ROUTES}/later`)).statusCode, 404);
  });
});

/** Sends records, each byte by itself. */
async function sendBytes(response: ServerResponse, log: RobotLog, after: number): Promise<void> {
  const text = log.lines.slice(after).map((line) => `${line.text}\n`);
  for (const byte of text.join('')) {
    if (response.destroyed) return;
    response.write(byte);
    await delay(30);
  }
}
