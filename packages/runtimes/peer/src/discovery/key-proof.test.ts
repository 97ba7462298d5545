import assert from 'node:assert/strict';
import { it } from 'node:test';
import { keyProof, knowsKey } from './key-proof.ts';

const TOKEN = 'the-token-of-the-yard';
const SERVICE = { label: 'Yard', address: '10.0.0.7', port: 8080, instance: 'a1b2' };

/** Returns whether a service with these changes has proved that it knows the token. */
const isProved = (changes: object, token = TOKEN): boolean =>
  knowsKey({ ...SERVICE, proof: keyProof(SERVICE, TOKEN), ...changes }, token);

it('a gateway proves that it knows the token, in any spelling of its name', () => {
  assert.ok(isProved({}));
  assert.ok(isProved({ label: 'yard' }));
});

it('a proof is worthless for another token, name, address, port or run', () => {
  assert.equal(isProved({}, 'another-token'), false);
  for (const changes of [{ label: 'shed' }, { address: '10.0.0.8' }, { port: 8081 }, { instance: 'c3d4' }]) {
    assert.equal(isProved(changes), false, JSON.stringify(changes));
  }
});

it('a missing or shortened proof proves nothing', () => {
  assert.equal(knowsKey(SERVICE, TOKEN), false);
  assert.equal(isProved({ proof: keyProof(SERVICE, TOKEN).slice(1) }), false);
});
