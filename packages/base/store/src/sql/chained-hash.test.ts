import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryStore } from '../memory-store.ts';
import { chainedHash, chainedHex } from './chained-hash.ts';

it('statements can chain rows with the hash that readers compute', async () => {
  const store = memoryStore({ clock: new SimulatedClock() });
  const body = '{"text":"wörter"}';
  const { results } = await store.write([
    { sql: 'SELECT chained_hash(zeroblob(16), ?, ?, ?) AS hash', parameters: [12, 'fault', body] },
  ]);
  const expected = createHash('sha256').update(Buffer.alloc(16)).update(`12fault${body}`).digest().subarray(0, 16);
  assert.deepEqual(results[0]?.rows[0]?.hash, new Uint8Array(expected));
  assert.deepEqual(chainedHash(new Uint8Array(16), 12, 'fault', body), new Uint8Array(expected));
  assert.equal(chainedHex('00'.repeat(16), 12, 'fault', body), expected.toString('hex'));
});
