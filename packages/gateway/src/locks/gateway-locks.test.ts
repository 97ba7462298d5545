import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryDatabase } from '../testing/memory-database.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { gatewayLocks } from './gateway-locks.ts';

it('empty names of collections mean none, unknown ones are named and left out', async () => {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  const model = await openModel({ runtimes: [memoryRuntime({ apps: [app('driver')] })], clock, log });
  const kinds = {
    components: { lock_required_scopes: [''], breakable: true },
    apps: { lock_required_scopes: ['engine', 'data'], breakable: true },
  };
  const config = await testConfig({ locking: { defaults: kinds } });
  const timers = clock.timers;
  const locks = await gatewayLocks({ config, model, clock, log, database: memoryDatabase(clock) });
  assert.equal(logged.length, 1);
  assert.match(
    logged[0] ?? '',
    /^locking\.defaults\.apps\.lock_required_scopes: unknown collection: engine\. Supported collections are data,/,
  );
  const [entity] = model.tree.all('app');
  assert.ok(entity);
  const isClosed = (collection: string) =>
    locks.access.isClosed({ entity, collection, item: '', client: { clientId: 'alice' } });
  assert.deepEqual([isClosed('data'), isClosed('logs')], [true, false]);
  await locks.close();
  assert.equal(clock.timers, timers);
});
