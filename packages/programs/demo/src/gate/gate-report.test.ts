import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Declaration, ingestReceiver, ingestWriter, portValue } from '@medkit/ingest';
import { openGatedRobot } from '../testing/open-gated-robot.ts';
import { closedGate } from './decision.ts';
import { GATE_DECLARATION, portsOf } from './gate-declaration.ts';
import { gateReport } from './gate-report.ts';
import { GATE_SETTINGS } from './gate-settings.ts';

const KEY = new Uint8Array(32).fill(7);
const [{ ports: PORTS, faults: FAULTS }] = GATE_DECLARATION.apps;

/** A robot with its gate, and a gateway that receives its reports while it runs. */
async function reporting() {
  const declared: Declaration[] = [];
  const received: { readonly values: Readonly<Record<string, unknown>>; readonly results: readonly string[] }[] = [];
  const receiver = ingestReceiver({
    key: KEY,
    listener: {
      declared: (declaration) => declared.push(declaration),
      state: ({ ports, faults }) =>
        received.push({
          values: Object.fromEntries(PORTS.map(({ id, type }, at) => [id, portValue(ports, at, type)])),
          results: faults.map(({ result }) => result),
        }),
    },
  });
  const gateway = { there: true };
  const send = (octets: Uint8Array) => {
    if (gateway.there) receiver.receive(octets);
    return gateway.there;
  };
  const report = gateReport({
    writer: ingestWriter({ session: 1n, key: KEY, declaration: GATE_DECLARATION }),
    sender: { send },
    settings: GATE_SETTINGS,
    periodMs: 10,
  });
  const world = await openGatedRobot(report);
  return {
    ...world,
    declared,
    received,
    receiver,
    gateway,
    last: () => received.at(-1) ?? assert.fail('nothing was heard'),
  };
}

test('a gateway receives the values of the gate fifty times a second, and its description once a second', async () => {
  const { run, declared, received, receiver } = await reporting();
  run(10);
  assert.deepEqual(declared, [GATE_DECLARATION]);
  assert.deepEqual([received.length, receiver.counts.declarations], [500, 10]);
  const { accepted, malformed, lost, failures } = receiver.counts;
  assert.deepEqual([accepted, malformed, lost, failures], [500, 0, 0, 0]);
});

test('the ports contain what the gate measures and does, and the results contain the fault', async () => {
  const { run, last, adapter } = await reporting();
  run(14);
  const free = last();
  assert.deepEqual(free.results, ['passed', 'passed']);
  assert.ok(Number(free.values.commanded_vx) > 0.7 && Number(free.values.min_range_m) > 1.5);
  assert.deepEqual(
    [free.values.stop_threshold_m, free.values.stopped, free.values.cycles, free.values.missed_cycles],
    [0.8, false, 1400n, 0n],
  );
  run(2, { obstacle: true });
  const held = last();
  assert.deepEqual(held.results, ['failed', 'passed']);
  assert.ok(Math.abs(Number(held.values.min_range_m) - 0.11) < 0.01);
  assert.deepEqual([held.values.commanded_vx, held.values.wanted_vx, held.values.stopped], [0, 0.8, true]);
  await adapter.call('/perception/lidar_driver/set_enabled', { data: false });
  run(2);
  assert.deepEqual(last().results, ['failed', 'failed'], 'nobody knows whether the person has left');
  assert.ok(Number(last().values.scan_age_ms) > 1800);
});

test('a gateway that starts later or restarts receives the description of the gate', async () => {
  const { run, declared, received, gateway, receiver } = await reporting();
  gateway.there = false;
  run(5);
  gateway.there = true;
  run(0.1);
  assert.deepEqual([declared.length, received.length], [1, 5]);
  run(1);
  assert.equal(receiver.counts.declarations, 2);
});

test('unknown values of the gate are not sent as numbers', () => {
  const decision = closedGate(1000);
  const wanted = { velocity: { linearMps: Number.NaN, angularRps: 0 }, arrivedMs: 1400 };
  const inputs = { nowMs: 1500, scan: undefined, wanted };
  const ports = portsOf({ inputs, decision, counts: { cycles: 1, missed: 0 } }, GATE_SETTINGS);
  assert.deepEqual(ports, [0, 0, 0.8, 0, 500, 1, 0, true]);
  assert.equal(ports.length, PORTS.length);
  assert.ok(FAULTS.every(({ ports: ids }) => ids?.every((id) => PORTS.some((port) => port.id === id))));
});
