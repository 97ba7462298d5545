import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryStore } from './memory-store.ts';
import { openStore } from './open-store.ts';
import { describeStore } from './testing/contract-suite.ts';
import { NOTES, note } from './testing/sample-data.ts';

const clock = new SimulatedClock();

describeStore('in memory', async (options) => memoryStore({ clock, ...options }));

it('a store at :memory: has neither file nor thread', async () => {
  const store = await openStore({ path: ':memory:', clock, warn: assert.fail, migrations: NOTES });
  assert.equal((await store.write([note('a')])).results[0].changes, 1);
  assert.deepEqual(await store.read('SELECT name FROM notes'), [{ name: 'a' }]);
  assert.equal(store.facts().path, ':memory:');
  assert.equal((await store.usage()).logBytes, 0);
  await store.close();
});
