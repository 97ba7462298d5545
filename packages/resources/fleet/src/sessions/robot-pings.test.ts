import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { robotPings } from './robot-pings.ts';

test('a connected robot is late when its ping is overdue, and its last ping is known', () => {
  const clock = new SimulatedClock();
  const pings = robotPings(clock);
  pings.connected('amr-1', 25_000);
  pings.connected('amr-2', 240_000);
  const connectedMs = clock.wallMs();
  clock.advance(27_500);
  assert.deepEqual(pings.late(), []);
  clock.advance(1);
  assert.deepEqual([pings.late(), pings.lastMs('amr-1')], [['amr-1'], connectedMs]);
  pings.ping('amr-1');
  assert.deepEqual([pings.late(), pings.lastMs('amr-1')], [[], connectedMs + 27_501]);
  clock.advance(264_000);
  assert.deepEqual(pings.late(), ['amr-1', 'amr-2']);
  for (const robot of ['amr-1', 'amr-2']) pings.disconnected(robot);
  pings.ping('amr-1');
  assert.deepEqual([pings.late(), pings.lastMs('amr-1')], [[], undefined]);
});

test('lists, counts and filters have the presence `late`, which is not stored', async () => {
  const { fleet, robot, clock, store, pings } = await fleetStage();
  await robot('amr-1', 'K1');
  await robot('amr-2', 'K2');
  for (const name of ['amr-1', 'amr-2']) {
    await fleet.connected(name, { hello: helloOf(), address: '10.0.0.1' });
    pings.connected(name, 25_000);
  }
  clock.advance(20_000);
  pings.ping('amr-2');
  clock.advance(10_000);
  const names = async (state: 'late' | 'online') => (await fleet.robots({ state })).items.map(({ id }) => id);
  assert.deepEqual([await names('late'), await names('online')], [['amr-1'], ['amr-2']]);
  assert.deepEqual((await fleet.robots({ presence: 'late' })).total, 1);
  const { presence } = await fleet.counts();
  assert.deepEqual(presence, { late: 1, online: 1 });
  const seen = (await fleet.robot('amr-2'))?.last_seen;
  assert.equal(Date.parse(seen ?? ''), Math.floor(clock.wallMs()) - 10_000);
  const [stored] = await store.read("SELECT online, seen_ms FROM fleet_robots WHERE name = 'amr-1'");
  assert.deepEqual([stored?.online, (await fleet.presence('amr-1', {})).items.length], [1, 1]);
});
