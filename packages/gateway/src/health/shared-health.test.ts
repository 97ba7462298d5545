import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HealthStatus } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { minimalHealth } from '../gateway-health.ts';
import { sharedHealth } from './shared-health.ts';

function scene() {
  const clock = new SimulatedClock();
  let generation = 1;
  let collections = 0;
  let failure: Error | undefined;
  const collect = async (): Promise<HealthStatus> => {
    collections += 1;
    if (failure) throw failure;
    return { ...minimalHealth(clock), 'x-medkit-locks': { held: collections } } as HealthStatus;
  };
  return {
    clock,
    shared: sharedHealth({ clock, generation: () => generation, collect }),
    collections: () => collections,
    changeTree: () => {
      generation += 1;
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
  };
}

it('requests of the same moment share one collection', async () => {
  const { shared, collections } = scene();
  const bodies = await Promise.all([shared.read(), shared.read(), shared.read()]);
  assert.equal(collections(), 1);
  assert.deepEqual(
    bodies.map(({ text }) => JSON.parse(text)['x-medkit-locks']),
    [{ held: 1 }, { held: 1 }, { held: 1 }],
  );
});

it('a collection is not shared once it is a tenth of a second old', async () => {
  const { clock, shared, collections } = scene();
  await shared.read();
  clock.advance(99);
  await shared.read();
  assert.equal(collections(), 1);
  clock.advance(1);
  await shared.read();
  assert.equal(collections(), 2);
});

it('a change by a client, or of the tree, begins another collection', async () => {
  const { shared, collections, changeTree } = scene();
  await shared.read();
  shared.outdate();
  await shared.read();
  assert.equal(collections(), 2);
  changeTree();
  await shared.read();
  assert.equal(collections(), 3);
});

it('the timestamp is that of the request, since other gateways measure their clock offset by it', async () => {
  const { clock, shared, collections } = scene();
  const before = JSON.parse((await shared.read()).text).timestamp;
  clock.advance(50);
  const after = JSON.parse((await shared.read()).text).timestamp;
  assert.equal(collections(), 1);
  assert.equal(Math.round((after - before) / 1e6), 50);
});

it('a collection that failed is not shared with later requests', async () => {
  const { shared, fail } = scene();
  fail(new Error('the store has ended'));
  await assert.rejects(shared.read(), /the store has ended/);
  fail(undefined);
  assert.equal(JSON.parse((await shared.read()).text).status, 'healthy');
});
