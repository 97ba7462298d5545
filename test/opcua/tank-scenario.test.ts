import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Json, PlcGateway } from './plc-gateway.ts';

/** Acknowledges and confirms an alarm of the tank the way clients of ros2_medkit do: without `parameters`. */
async function settleAlarm(scene: PlcGateway, code: string): Promise<void> {
  for (const act of ['acknowledge_fault', 'confirm_fault']) {
    const path = `/apps/tank/operations/${act}/executions`;
    const { status, body } = await scene.ask('POST', path, { fault_code: code, comment: 'seen by the test' });
    assert.equal(status, 200, `${act}: ${JSON.stringify(body)}`);
  }
}

for (const mode of ['polled', 'subscribed'] as const) {
  const settings: Readonly<Record<string, string>> =
    mode === 'polled' ? {} : { 'plugins.opcua.prefer_subscriptions': 'true' };
  suite(`a PLC that is ${mode}`, { timeout: 180_000 }, () => {
    test('is in the tree with its values, and is written to', async () => {
      await using scene = await PlcGateway.open({ settings });
      const component = await scene.get('/components/filling_station');
      assert.equal(component['x-medkit'].identity.manufacturer, 'medkit');
      const level = await scene.get('/apps/tank/data/level');
      assert.equal(typeof level.data, 'number');
      assert.deepEqual([level['x-medkit'].opcua.unit, level['x-medkit'].opcua.quality], ['mm', 'good']);
      const { items, connected } = await scene.get('/apps/pump/x-plc-data');
      assert.equal(connected, true);
      assert.ok(items.some(({ name }: Json) => name === 'speed_setpoint'));
      const written = await scene.ask('POST', '/apps/pump/x-plc-operations/set_speed_setpoint', { value: 73.5 });
      assert.deepEqual([written.status, written.body.value_written], [200, 73.5]);
      await eventually('the PLC says so', async () => {
        return (await scene.get('/apps/pump/data/speed_setpoint')).data === 73.5;
      });
      const refused = await scene.ask('PUT', '/apps/pump/data/speed_setpoint', { value: 173.5 });
      assert.equal(refused.status, 400, JSON.stringify(refused.body));
      assert.match(refused.body.message, /out of range: speed_setpoint takes 0 to 100/);
      const readOnly = await scene.ask('POST', '/apps/tank/x-plc-operations/set_level', { value: 1 });
      assert.equal(readOnly.status, 400);
      const filled = await scene.ask('POST', '/apps/tank/operations/fill/executions', { parameters: { target: 620 } });
      assert.equal(filled.status, 200, JSON.stringify(filled.body));
      const { state } = await scene.get('/components/filling_station/status');
      assert.equal(state ?? 'connected', 'connected');
    });

    test('has faults from thresholds, bits, enumerations and its own alarms, each ending when the PLC says so', async () => {
      await using scene = await PlcGateway.open({ settings });
      const { plc } = scene;
      await plc.inject('filter-dirty');
      await scene.untilFaults(['PUMP_FILTER_DIRTY']);
      await plc.clear('filter-dirty');
      await scene.untilFaults([]);
      await plc.set('ns=2;s=Tank.Temperature', 93);
      await scene.untilFaults(['TANK_TOO_HOT']);
      await plc.set('ns=2;s=Tank.Temperature', 40);
      await scene.untilFaults([]);
      await plc.set('ns=2;s=Vfd.FaultCode', 10);
      await scene.untilFaults(['DRIVE_OVERVOLTAGE']);
      await plc.set('ns=2;s=Vfd.FaultCode', 77);
      await scene.untilFaults(['DRIVE_UNKNOWN_CODE']);
      await plc.set('ns=2;s=Vfd.FaultCode', 0);
      await scene.untilFaults([]);
      await plc.inject('overpressure');
      await scene.untilFaults(['TANK_OVERPRESSURE'], 40_000);
      const { environment_data: evidence } = await scene.get('/apps/tank/faults/TANK_OVERPRESSURE');
      const names = evidence.snapshots.map(({ name }: Json) => name);
      assert.deepEqual(names, ['tank', 'history']);
      const past = evidence.snapshots[1].data['tank.pressure'].history;
      assert.ok(past.length > 2 && past[0][1] < past.at(-1)[1], 'the pressure rose before');
      await plc.clear('overpressure');
      await eventually('the pressure is low again', async () => (await scene.get('/apps/tank/data/pressure')).data < 3);
      assert.deepEqual(await scene.faults(), ['TANK_OVERPRESSURE'], 'nobody acknowledged it');
      await settleAlarm(scene, 'TANK_OVERPRESSURE');
      await scene.untilFaults([]);
    });
  });
}

suite('a PLC that disconnects', { timeout: 180_000 }, () => {
  test('is a fault after five seconds, keeps its last values, and returns with the alarms that are active by then', async () => {
    await using scene = await PlcGateway.open({
      plc: { port: 0 },
      settings: { 'plugins.opcua.comms_lost_debounce_ms': '1000' },
    });
    const { port } = new URL(scene.plc.endpointUrl);
    await scene.plc.kill();
    await scene.untilFaults(['PLC_COMMS_LOST']);
    const level = await scene.get('/apps/tank/data/level');
    assert.equal(typeof level.data, 'number');
    assert.match(level['x-medkit'].warnings[0], /does not answer; this is its last value/);
    const refused = await scene.ask('PUT', '/apps/pump/data/speed_setpoint', { value: 10 });
    assert.equal(refused.status, 502, JSON.stringify(refused.body));
    await scene.reopen(Number(port));
    await scene.untilFaults([], 60_000);
    const { items } = await scene.get('/apps');
    assert.ok(items.every((item: Json) => item['x-medkit'].is_online));
  });

  test('ends faults that ended while the gateway was offline, once both are back', async () => {
    await using scene = await PlcGateway.open();
    await scene.plc.inject('filter-dirty');
    await scene.plc.inject('overpressure');
    await scene.untilFaults(['PUMP_FILTER_DIRTY', 'TANK_OVERPRESSURE'], 40_000);
    scene.medkit.killGroup();
    await scene.medkit.exitCode();
    await scene.plc.clear('filter-dirty');
    await scene.start();
    await scene.untilFaults(['TANK_OVERPRESSURE']);
    await settleAlarm(scene, 'TANK_OVERPRESSURE');
  });
});
