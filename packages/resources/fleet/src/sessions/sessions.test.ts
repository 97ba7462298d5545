import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetStage, helloOf } from '../testing/fleet-stage.ts';

test('an uplink that was held is refused if its key was revoked since, or is not one of the robot', async () => {
  const { fleet, robot, store } = await fleetStage();
  await robot('amr-1', 'K1');
  await robot('amr-2', 'K2');
  const connected = (fingerprint: string) =>
    fleet.connected('amr-1', { hello: helloOf(), address: '10.0.0.1', fingerprint });
  const first = await connected('K1');
  assert.ok('epoch' in first);
  for (const key of ['K2', 'K9']) {
    const lease = await connected(key);
    assert.equal('refused' in lease && lease.refused, 'revoked', key);
  }
  await store.write([{ sql: "UPDATE fleet_keys SET revoked_ms = 1 WHERE fingerprint = 'K1'", parameters: [] }]);
  const lease = await connected('K1');
  assert.equal('refused' in lease && lease.refused, 'revoked');
});
