import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '@medkit/client';
import { listed, listOf, peerFault } from '../testing/faults.ts';
import { findFaults } from './find-faults.ts';

const client = createClient({
  url: 'robot',
  send: async () => Response.json(listOf([listed('STOP'), peerFault('arm', 'STOP', { entity_id: 'gate' })])),
});
const originsOf = async (entity?: string) => (await findFaults(client, 'STOP', entity)).map(({ origin }) => origin);

describe('the faults with a code', () => {
  it('are those of all gateways, or of the entity that is named', async () => {
    assert.deepEqual(await originsOf(), ['local', 'arm']);
    assert.deepEqual([await originsOf('gate'), await originsOf('apps/motor')], [['arm'], ['local']]);
  });

  it('are an error if there are none, which names the entities with the code or a similar code', async () => {
    await assert.rejects(findFaults(client, 'STOPP'), /no fault has the code STOPP\. Did you mean STOP\?/);
    await assert.rejects(originsOf('wheel'), /wheel has no fault STOP; it is a fault of apps\/motor, apps\/gate/);
  });
});
