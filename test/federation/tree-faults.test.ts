import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { fault, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { armGateways, armRobot } from './robots.ts';

const gateways = armGateways();
afterEach(() => gateways.closeAll());

it('open faults of entities of other gateways are counted with local ones, under their local ids', async () => {
  const faults = memoryFaults({ faults: [fault('JAM', { severity: 3, sources: ['/arm'] })] });
  const yard = await gateways.start('yard', { robot: armRobot('yard', { faults }) });
  const head = await gateways.start('head', { peers: { yard: yard.url } });
  const { items } = (await head.ask('GET', '/x-medkit-tree/faults')).body;
  const none = { entity_type: 'app', info: 0, warning: 0, error: 0, critical: 0 };
  assert.deepEqual(items, [
    { ...none, entity_id: 'head_arm', error: 1 },
    { ...none, entity_id: 'yard_arm', critical: 1, 'x-medkit': { origin: 'yard' } },
  ]);
  await gateways.close(yard);
  await eventually('the word that it is away', async () => {
    const { body } = await head.ask('GET', '/x-medkit-tree/faults');
    return body.items.length === 1 && body['x-medkit']?.failed_peers?.includes('yard');
  });
});
