import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TankAlarmName } from '@medkit/plc';
import { openClient, type ReceivedEvent } from '../../packages/programs/plc/src/testing/opcua-client.ts';
import { eventually } from '../harness/eventually.ts';
import { type Json, PlcGateway } from './plc-gateway.ts';

/**
 * Maps one value, so that there is an app to wait for, and no alarms: automatic alarms wait for an operator
 * (`auto_clear: false`).
 */
const MAP = `
component_id: filling_station
auto_alarms: {auto_clear: false}
nodes:
  - {node_id: "ns=2;s=Tank.Level", entity_id: tank, data_name: level}
`;

test('unmapped alarms are acknowledged and confirmed at the app of alarms, as the PLC shows', {
  timeout: 120_000,
}, async () => {
  await using resources = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-alarms-'));
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'map.yaml');
  writeFileSync(file, MAP);
  const scene = resources.use(await PlcGateway.open({ settings: { 'plugins.opcua.node_map_path': file } }));
  const client = await openClient(scene.plc.endpointUrl);
  resources.defer(() => client.close());
  const received = new Map<string, ReceivedEvent>();
  await client.watchEvents((event) => void received.set(event.name, event));

  const operations = '/apps/filling_station_alarms/operations';
  const { items } = await scene.get(operations);
  assert.deepEqual(items.map(({ id }: Json) => id).sort(), ['acknowledge_fault', 'confirm_fault']);
  const say = (act: string, code: string) =>
    scene.ask('POST', `${operations}/${act}/executions`, { parameters: { fault_code: code, comment: 'seen' } });
  const untilReported = (name: TankAlarmName, what: string, fits: (event: ReceivedEvent) => boolean) =>
    eventually(`${name} is ${what} at the PLC`, async () => {
      const event = received.get(name);
      return event !== undefined && fits(event);
    });

  // One of them has a source without a name.
  for (const name of ['PumpOverload', 'DriveTrip'] as const) {
    await scene.plc.alarm('activate', name);
    const code = await eventually(`the fault of ${name}`, async () => (await scene.faults())[0]);
    assert.match(code, new RegExp(`^PLC_ALARM_${name.toUpperCase()}_[0-9A-F]{8}$`));
    const { body: none } = await say('acknowledge_fault', `${code}_OTHER`);
    assert.match(none.message, /The fault .* has no alarm of the PLC/);
    await scene.plc.alarm('deactivate', name);
    await untilReported(name, 'inactive', ({ active, acked }) => !active && !acked);
    assert.deepEqual(await scene.faults(), [code], 'nobody has said anything to it');

    const acknowledged = await say('acknowledge_fault', code);
    assert.equal(acknowledged.status, 200, JSON.stringify(acknowledged.body));
    await untilReported(name, 'acknowledged', ({ acked, confirmed }) => acked && !confirmed);
    assert.deepEqual(await scene.faults(), [code], 'it is not confirmed');
    const confirmed = await say('confirm_fault', code);
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    await untilReported(name, 'confirmed', ({ acked, confirmed }) => acked && confirmed);
    await scene.untilFaults([]);
  }
});
