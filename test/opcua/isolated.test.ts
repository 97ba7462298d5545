import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { PlcGateway } from './plc-gateway.ts';

test('a PLC is shown, written to and subscribed to also if the plugin runs in a separate process', {
  timeout: 120_000,
}, async () => {
  await using scene = await PlcGateway.open({
    settings: { 'plugins.opcua.isolate': 'process', 'plugins.opcua.prefer_subscriptions': 'true' },
  });
  const health = await scene.get('/health');
  assert.equal(health['x-medkit-plugin-opcua-process'].running, true, JSON.stringify(health));
  const level = await scene.get('/apps/tank/data/level');
  assert.equal(typeof level.data, 'number');
  assert.deepEqual([level['x-medkit'].opcua.unit, level['x-medkit'].opcua.quality], ['mm', 'good']);
  const written = await scene.ask('PUT', '/apps/pump/data/speed_setpoint', { value: 61.5 });
  assert.equal(written.status, 200, JSON.stringify(written.body));
  await eventually('the PLC says so', async () => (await scene.get('/apps/pump/data/speed_setpoint')).data === 61.5);
  assert.equal((await scene.ask('PUT', '/apps/pump/data/speed_setpoint', { value: 161.5 })).status, 400);

  await eventually('the tank is cool', async () => (await scene.get('/apps/tank/data/temperature')).data < 80);
  await scene.plc.set('ns=2;s=Tank.Temperature', 93);
  await scene.untilFaults(['TANK_TOO_HOT']);
  const crossing = await eventually('when it became so', async () => {
    const { items } = await scene.get('/x-medkit-incidents');
    return items[0] && (await scene.get(`/x-medkit-incidents/${items[0].id}`)).crossing;
  });
  assert.deepEqual([crossing.channel, crossing.threshold], ['tank.temperature', 80]);
  await scene.plc.set('ns=2;s=Tank.Temperature', 40);
  await scene.untilFaults([]);

  await scene.plc.alarm('activate', 'Overpressure');
  await scene.untilFaults(['TANK_OVERPRESSURE']);
  await scene.plc.alarm('deactivate', 'Overpressure');
  for (const act of ['acknowledge_fault', 'confirm_fault']) {
    const parameters = { fault_code: 'TANK_OVERPRESSURE', comment: 'seen' };
    const { status, body } = await scene.ask('POST', `/apps/tank/operations/${act}/executions`, { parameters });
    assert.equal(status, 200, `${act}: ${JSON.stringify(body)}`);
  }
  await scene.untilFaults([]);
  assert.equal((await scene.get('/health'))['x-medkit-plugin-opcua-process'].ends_total, 0);
});
