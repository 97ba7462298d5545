import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MAX_SITE_HOURS } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { RobotUplink } from '@medkit/tunnel';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  type TestRobot,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

/** The monotonic clock of the hub is ahead by this, so that pings are overdue without waiting. */
let aheadMs = 0;
const clock: Clock = {
  wallNs: () => systemClock.wallNs(),
  wallMs: () => systemClock.wallMs(),
  monotonicMs: () => systemClock.monotonicMs() + aheadMs,
  after: (delayMs, callback) => systemClock.after(delayMs, callback),
  every: (periodMs, callback) => systemClock.every(periodMs, callback),
};

let hub: TestHub;
let sandbox: Sandbox;
let robot: TestRobot;
let uplink: RobotUplink;

before(async () => {
  sandbox = new Sandbox();
  hub = await testHub({}, { clock });
  robot = await enrolTestRobot(hub, 'amr-17', { site: 'berlin' });
  await connect();
});
after(async () => {
  uplink?.close();
  await hub?.close();
  await sandbox?.[Symbol.asyncDispose]();
});

async function connect(): Promise<void> {
  uplink = await connectTestRobot(robot, () => undefined);
  await isPresent('online');
}

const MANY = Array.from({ length: MAX_SITE_HOURS + 1 }, () => '22:00-06:00');
const read = async () => (await hub.fleet('GET', '/robots/amr-17')).json();
const isPresent = (presence: string) =>
  eventually(`presence ${presence}`, async () => (await read()).presence === presence);
const medkit = (...words: string[]) => sandbox.run([...words, '--url', hub.url]);

describe('the presence of a robot', () => {
  it('is late while its ping is overdue, in lists, counts, /health and the command', async () => {
    aheadMs = 60_000;
    await isPresent('late');
    assert.equal((await hub.fleet('GET', '/robots?state=late')).json().total, 1);
    assert.deepEqual((await hub.fleet('GET', '')).json().presence, { late: 1 });
    const health = (await hub.call('GET', '/api/v1/health')).json();
    assert.deepEqual([health['x-medkit-fleet'].connected, health['x-medkit-fleet'].presence], [1, { late: 1 }]);
    const listed = await medkit('fleet', '--state', 'late');
    assert.match(listed.output, /amr-17 +late +berlin/, listed.errors);
    const details = await medkit('fleet', 'show', 'amr-17');
    assert.match(details.output, /State +late\n +Last contact +\d/);
    aheadMs = 0;
    await isPresent('online');
  });

  it('is expected offline while the robot is parked by a command, and the audit log has who parked it', async () => {
    const parked = await medkit('fleet', 'park', 'amr-17', '--for', '2h', '--note', 'new wheels');
    assert.match(parked.output, /^amr-17 is parked by anonymous until .*: new wheels/, parked.errors);
    assert.deepEqual([(await read()).presence, (await read()).park.active], ['online', true]);
    assert.match((await medkit('fleet')).output, /amr-17 +online, parked/);
    uplink.close();
    await isPresent('expected_offline');
    const away = (await hub.call('GET', '/fleet/amr-17/api/v1/apps/x/data')).json();
    assert.equal(away.parameters.presence, 'expected_offline');
    assert.match(away.message, /is away since \S+, as announced until/);
    const history = await medkit('fleet', 'presence', 'amr-17');
    assert.match(history.output, /expected offline +parked by anonymous: new wheels\n.* online +connected from/);
    assert.equal((await medkit('fleet', 'unpark', 'amr-17')).code, 0);
    assert.equal((await read()).presence, 'offline');
    const { items } = (await hub.call('GET', '/api/v1/x-medkit-audit')).json();
    const operations = items.map((item: { request?: { operation_id?: string } }) => item.request?.operation_id);
    for (const operation of ['parkFleetRobot', 'unparkFleetRobot'])
      assert.ok(operations.includes(operation), operation);
  });

  it('is expected offline in the quiet hours of its site, which a command sets and removes', async () => {
    const set = await medkit('fleet', 'sites', 'set', 'berlin', '--zone', 'Europe/Berlin', '00:00-24:00');
    assert.match(set.output, /berlin +1 +Europe\/Berlin +00:00-24:00 +quiet hours/, set.errors);
    assert.deepEqual([(await read()).presence, (await read()).absence.reason], ['expected_offline', 'quiet_hours']);
    const [site] = (await hub.fleet('GET', '/sites')).json().items;
    assert.deepEqual([site.id, site.robots, site.absence.reason], ['berlin', 1, 'quiet_hours']);
    assert.equal((await medkit('fleet', 'sites', 'remove', 'berlin')).code, 0);
    assert.equal((await read()).presence, 'offline');
  });

  it('is not announced by a request or a command with an error', async () => {
    const refused = [
      [await hub.fleet('POST', '/robots/other/park', {}), 404, 'resource-not-found'],
      [await hub.fleet('POST', '/robots/amr-17/park', { minutes: 0 }), 400, 'invalid-request'],
      [await hub.fleet('POST', '/robots/amr-17/park', { until: 'soon' }), 400, 'invalid-request'],
      [await hub.fleet('POST', '/robots/amr-17/park', { until: '2020-01-01T00:00:00Z' }), 400, 'invalid-parameter'],
      [await hub.fleet('DELETE', '/robots/amr-17/park'), 404, 'resource-not-found'],
      [await hub.fleet('GET', '/robots?state=away'), 400, 'invalid-parameter'],
      [await hub.fleet('PUT', '/sites/berlin', { zone: 'Europe/Atlantis' }), 400, 'invalid-parameter'],
      [await hub.fleet('PUT', '/sites/berlin', {}), 400, 'invalid-request'],
      [await hub.fleet('PUT', '/sites/berlin', { zone: 'UTC', quiet_hours: MANY }), 400, 'invalid-request'],
      [await hub.fleet('DELETE', '/sites/berlin'), 404, 'resource-not-found'],
      [await hub.fleet('GET', '/robots/amr-17/presence?cursor=x'), 400, 'invalid-parameter'],
    ] as const;
    for (const [reply, status, code] of refused)
      assert.deepEqual([reply.status, reply.json().error_code], [status, code], reply.text);
    const both = await medkit('fleet', 'park', 'amr-17', '--for', '2h', '--until', '2026-12-01');
    assert.match(both.errors, /either --for or --until/);
    assert.match((await medkit('fleet', 'park', 'amr-17', '--until', 'soon')).errors, /expected a time such as/);
    assert.match((await medkit('fleet', 'sites', 'set', 'berlin', '22:00-06:00')).errors, /--zone is missing/);
  });
});
