import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

test('the lock of the article of release 0.4.0 is acquired, and keeps others from the parameters of the navigation', async () => {
  await using scene = await DemoScene.open();
  await scene.untilShown(['nav2_planner']);
  const ask = async (method: string, path: string, client: string, body: object) => {
    const reply = await fetch(`${scene.url}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Client-Id': client },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: reply.status, body: (await reply.json()) as Readonly<Record<string, unknown>> };
  };
  const asked = Date.now();
  const { status, body } = await ask('POST', '/components/navigation/locks', 'engineer-alice', {
    lock_expiration: 300,
    scopes: ['configurations'],
  });
  const { lock_expiration, ...lock } = body;
  assert.deepEqual([status, lock], [201, { id: 'lock_1', owned: true, scopes: ['configurations'] }]);
  assert.match(String(lock_expiration), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const lastsMs = Date.parse(String(lock_expiration)) - asked;
  assert.ok(lastsMs > 298_000 && lastsMs < 310_000, `${lastsMs} ms`);

  const path = '/apps/nav2_planner/configurations/use_sim_time';
  const refused = await ask('PUT', path, 'engineer-bob', { data: false });
  assert.deepEqual(
    [refused.status, refused.body],
    [
      409,
      {
        error_code: 'lock-broken',
        message: 'Locked by another client: component navigation has lock_1',
        parameters: { entity_id: 'nav2_planner', collection: 'configurations', lock_id: 'lock_1' },
      },
    ],
  );
  await eventually('the holder writes', async () => {
    const { status } = await ask('PUT', path, 'engineer-alice', { data: false });
    return status === 200;
  });
});
