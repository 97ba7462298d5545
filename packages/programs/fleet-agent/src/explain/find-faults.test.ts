import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '@medkit/client';
import { listed, listOf, ofPeer } from '../testing/faults.ts';
import { findFaults } from './find-faults.ts';

const client = createClient({
  url: 'robot',
  send: async () => Response.json(listOf([listed('STOP'), ofPeer('arm', 'STOP', { entity_id: 'gate' })])),
});
const originsOf = async (entity?: string) => (await findFaults(client, 'STOP', entity)).map(({ origin }) => origin);

describe('the faults with a code', () => {
  it('are those of all gateways, or of the entity that is named', async () => {
    assert.deepEqual(await originsOf(), ['local', 'arm']);
    assert.deepEqual([await originsOf('gate'), await originsOf('apps/motor')], [['arm'], ['local']]);
  });

  it('are none where nobody has them, which says who has, or what is like it', async () => {
    await assert.rejects(findFaults(client, 'STOPP'), /no fault has the code STOPP\. Did you mean STOP\?/);
    await assert.rejects(originsOf('wheel'), /STOP is none of wheel, but of apps\/motor, apps\/gate/);
  });
});
