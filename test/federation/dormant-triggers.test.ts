import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { app } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { realGateway } from './real-gateway.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const LIDAR = app('lidar', { node: '/lidar', address: { runtime: 'ros2', nativeId: '/lidar' } });
const ON_CHANGE = { resource: '/api/v1/apps/lidar/data/scan', trigger_condition: { condition_type: 'OnChange' } };
const HERE = { 'x-medkit-no-fan-out': '1' };

it('a trigger created here for an app is dormant while an app of another gateway has its id, is not requested there, and can be deleted here', async () => {
  const data = { '/lidar': { '/scan': { value: { n: 0 } } } };
  const yard = await realGateway({ instance: 'yard', robot: { data } });
  opened.push(yard);
  const head = await realGateway({ instance: 'dock', robot: { apps: [LIDAR], data }, peers: { yard: yard.url } });
  opened.push(head);
  const made = await head.ask('POST', '/apps/lidar/triggers', ON_CHANGE);
  assert.equal(made.status, 201, made.text);
  head.runtime.tell({ apps: [] });
  await eventually('it is gone', async () => (await head.ask('GET', '/apps/lidar')).status === 404);
  yard.runtime.tell({ apps: [LIDAR] });
  await eventually('that of the yard', async () => (await head.ask('GET', '/apps/lidar')).status === 200);

  assert.deepEqual((await head.ask('GET', '/apps/lidar/triggers')).body.items, [], 'the yard has none');
  const warnings = (await head.ask('GET', '/health')).body.warnings as readonly { readonly code: string }[];
  assert.ok(warnings.some(({ code }) => code === 'entity_id_taken'));
  const [trigger] = (await head.ask('GET', '/apps/lidar/triggers', undefined, HERE)).body.items;
  assert.deepEqual(
    [trigger.id, trigger.status, trigger['x-medkit'].problem],
    [
      'trig_1',
      'active',
      'It is dormant: the app lidar now belongs to the gateway yard, and the app of this gateway is not available',
    ],
  );
  assert.equal((await head.ask('DELETE', '/apps/lidar/triggers/trig_1')).status, 404);
  assert.equal((await head.ask('DELETE', '/apps/lidar/triggers/trig_1', undefined, HERE)).status, 204);
  assert.deepEqual((await head.ask('GET', '/x-medkit-triggers')).body.items, []);
  assert.equal((await head.ask('POST', '/apps/lidar/triggers', ON_CHANGE, HERE)).status, 501);
});
