import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { indexEntities, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { declaredSign, validateVitalSigns } from '../config/declared-signs.ts';
import { testConfig, testGateway } from '../testing/test-gateway.ts';
import { gatewayVitalSigns } from './gateway-vital-signs.ts';

suite('the setting vital_signs', () => {
  test('has a name, a unit and a value', () => {
    const [label, value] = ['Nearest obstacle', 'apps/safety_gate/data/min_range_m'];
    assert.deepEqual(declaredSign(`${label} [m] = ${value}`), { label, unit: 'm', value });
    assert.deepEqual(declaredSign(`  Modus=${value}:/data `), {
      label: 'Modus',
      unit: undefined,
      value: `${value}:/data`,
    });
  });

  test('refuses an entry that is not a name with a value, with an example', () => {
    const malformed = ['', 'Mode', 'Mode = ', '= apps/a/data/b', 'Mode = data/b', 'Mode = apps/a/data/b,apps/c/data/d'];
    for (const entry of malformed) {
      assert.equal(declaredSign(entry), undefined, entry);
      const check = () =>
        validateVitalSigns({ vital_signs: [entry] } as unknown as Parameters<typeof validateVitalSigns>[0]);
      assert.throws(check, /such as Nearest obstacle \[m\]/);
    }
  });
});

suite('GET /x-medkit-vital-signs', () => {
  test('lists the values of the configuration first', async () => {
    const { app } = await testGateway({ vital_signs: ['Voltage [V] = apps/battery_monitor/data/voltage'] });
    const reply = await app.inject('/api/v1/x-medkit-vital-signs');
    assert.deepEqual(reply.json(), {
      items: [
        {
          kind: 'value',
          value: 'apps/battery_monitor/data/voltage',
          label: 'Voltage',
          unit: 'V',
          href: '/api/v1/apps/battery_monitor/data/voltage',
        },
      ],
    });
  });

  test('is the same for all clients: the call of one that disconnects does not limit the search', async () => {
    const clock = new SimulatedClock();
    const entry = { channel: { name: '/odom', direction: 'publish', type: 'nav_msgs/msg/Odometry' } } as const;
    const apps = [app('drive', { address: { runtime: 'memory', nativeId: 'drive' } })];
    const runtime = memoryRuntime({ apps, data: { drive: { '/odom': entry } } });
    const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
    const signs = gatewayVitalSigns({ config: await testConfig(), model, clock });
    const ended = { call: () => assert.fail('the call of a client') } as unknown as Parameters<
      typeof signs.handlers.listVitalSigns
    >[0];
    assert.deepEqual(
      (await signs.handlers.listVitalSigns(ended)).items.map(({ kind }) => kind),
      ['speed'],
    );
    signs.close();
  });

  test('has for a client with scopes the signs of its entities, which do not depend on others', async () => {
    const clock = new SimulatedClock();
    const ids = ['a_hidden', 'b_hidden', 'drive'];
    const entryOf = (name: string) =>
      ({ channel: { name, direction: 'publish', type: 'nav_msgs/msg/Odometry' } }) as const;
    const data = Object.fromEntries(ids.map((id) => [id, { [`/${id}`]: entryOf(`/${id}`) }]));
    const apps = ids.map((id) => app(id, { address: { runtime: 'memory', nativeId: id } }));
    const model = await openModel({ runtimes: [memoryRuntime({ apps, data })], clock, log: () => undefined });
    const vital_signs = ['Hidden = apps/a_hidden/data/x', 'Visible = apps/drive/data/x'];
    const signs = gatewayVitalSigns({ config: { ...(await testConfig()), vital_signs }, model, clock });
    const visible = indexEntities(
      { areas: [], components: [], functions: [], apps: [model.tree.get('app', 'drive')!] },
      model.tree.generation,
    );
    const exchange = { visible } as unknown as Parameters<typeof signs.handlers.listVitalSigns>[0];
    const { items } = await signs.handlers.listVitalSigns(exchange);
    assert.deepEqual(
      items.map(({ href }) => href),
      ['/api/v1/apps/drive/data/x', '/api/v1/apps/drive/data/%2Fdrive'],
    );
    signs.close();
  });
});
