import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { memoryOperations } from '@medkit/core/testing';
import { armGateways, armRobot } from './robots.ts';

const { start, close, closeAll } = armGateways();
afterEach(closeAll);

/** A robot with an arm that can be calibrated. */
const robot = (name: string) => armRobot(name, { operations: memoryOperations({ '/arm': { '/calibrate': {} } }) });

describe('executions of several gateways', () => {
  it('are in one list, under the local names of their entities, and are found at their addresses', async () => {
    const yard = await start('yard', { robot: robot('yard') });
    const head = await start('dock', { robot: robot('dock'), peers: { yard: yard.url } });
    for (const arm of ['dock_arm', 'yard_arm']) {
      const path = `/apps/${arm}/operations/calibrate/executions`;
      assert.equal((await head.ask('POST', path, { parameters: {} })).status, 202);
    }
    const list = async (query = '') => {
      const { status, body } = await head.ask('GET', `/x-medkit-executions${query}`);
      assert.equal(status, 200);
      return body.items.map((each: Record<string, Record<string, string>>) => [
        each['entity_id'],
        each['x-medkit']?.['origin'],
        each['href'],
      ]);
    };
    const all = await list();
    assert.deepEqual(all.map(([entity, origin]: readonly string[]) => [entity, origin]).sort(), [
      ['dock_arm', undefined],
      ['yard_arm', 'yard'],
    ]);
    for (const [, , href] of all) assert.equal((await head.ask('GET', href.slice('/api/v1'.length))).status, 200, href);
    assert.deepEqual(
      (await list('?entity=yard_base')).map(([entity]: readonly string[]) => entity),
      ['yard_arm'],
    );
    assert.deepEqual(
      (await list('?entity=dock_arm')).map(([entity]: readonly string[]) => entity),
      ['dock_arm'],
    );
    assert.equal((await list('?entity=hall')).length, 2);
    assert.equal((await head.ask('GET', '/x-medkit-executions?state=x')).status, 400);
  });

  it('name the gateways that did not answer', async () => {
    const yard = await start('yard', { robot: robot('yard') });
    const head = await start('dock', { robot: robot('dock'), peers: { yard: yard.url } });
    await close(yard);
    const { status, body } = await head.ask('GET', '/x-medkit-executions');
    assert.deepEqual([status, body['x-medkit'].partial, body['x-medkit'].failed_peers], [200, true, ['yard']]);
    const scripts = await head.ask('GET', '/x-medkit-scripts');
    assert.deepEqual([scripts.status, scripts.body['x-medkit'].failed_peers], [200, ['yard']]);
  });
});
