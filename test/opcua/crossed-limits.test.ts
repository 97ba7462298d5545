import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type Json, PlcGateway } from './plc-gateway.ts';

/** Returns the incident of a fault once its captured evidence is available. */
function incidentOf(scene: PlcGateway, root: string): Promise<Json> {
  return eventually(`the incident of ${root}, with its evidence`, async () => {
    const { items } = await scene.get('/x-medkit-incidents');
    const found = items.find((item: Json) => item.root === root);
    if (found === undefined) return undefined;
    const { environment_data: evidence } = await scene.get(`/${found.entity_type}s/${found.entity_id}/faults/${root}`);
    const isCaptured = evidence.snapshots.some(({ name }: Json) => name === 'history');
    return isCaptured ? await scene.get(`/x-medkit-incidents/${found.id}`) : undefined;
  });
}

for (const mode of ['polled', 'subscribed'] as const) {
  const settings: Readonly<Record<string, string>> =
    mode === 'polled' ? {} : { 'plugins.opcua.prefer_subscriptions': 'true' };
  suite(`the cause of an incident of a PLC that is ${mode}`, { timeout: 180_000 }, () => {
    test('names the time at which a value crossed its limit, but no crossing for a code that the PLC reported', async () => {
      await using scene = await PlcGateway.open({ settings });
      const { plc } = scene;
      await eventually('the tank is cool', async () => (await scene.get('/apps/tank/data/temperature')).data < 80);
      await plc.set('ns=2;s=Tank.Temperature', 93);
      await scene.untilFaults(['TANK_TOO_HOT']);
      const hot = await eventually('its crossing', async () => {
        const incident = await incidentOf(scene, 'TANK_TOO_HOT');
        return incident.crossing && incident;
      });
      const { channel, label, threshold, unit, value, at } = hot.crossing;
      const { began } = hot.faults[0];
      assert.deepEqual([channel, label, threshold, unit], ['tank.temperature', 'Temperature', 80, '°C']);
      assert.ok(value > 80 && value <= 93, `${value}`);
      // Both are rounded to milliseconds.
      assert.ok(Date.parse(at) <= Date.parse(began) + 1, `${at} is not before ${began}`);
      const explain = async (id: string) => (await scene.sandbox.run(['why', id, '--url', scene.url])).output;
      assert.match(await explain(hot.id), /crossing +Temperature \d\d\.\d\d °C > 80 °C +\d\d:\d\d:\d\d/);

      await plc.set('ns=2;s=Tank.Temperature', 40);
      await scene.untilFaults([]);
      await plc.set('ns=2;s=Vfd.FaultCode', 10);
      await scene.untilFaults(['DRIVE_OVERVOLTAGE']);
      const drive = await incidentOf(scene, 'DRIVE_OVERVOLTAGE');
      const explanation = await explain(drive.id);
      assert.match(explanation, /root +DRIVE_OVERVOLTAGE on drive/);
      assert.doesNotMatch(explanation, /crossing/);
    });
  });
}
