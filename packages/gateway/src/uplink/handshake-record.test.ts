import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { identityFrom, newIdentityKey } from '@medkit/tunnel';
import { type UplinkLog, uplinkFolder } from '@medkit/uplink';
import { type HelloFacts, robotRecords } from './handshake-record.ts';
import { releaseIn } from './robot-records.ts';

it('the first message names the software release in use, if it is known', async () => {
  const log = { boot: 3, head: async () => ({ log: 'log-1', newest: 0, removed: 0 }) } as unknown as UplinkLog;
  const uplinkLog = { log: () => log, whenOpen: async () => undefined };
  const config = { hub: { keepalive_sec: 0, metered: 'true', metered_interfaces: [] } };
  const files = new MemoryFiles();
  const folder = uplinkFolder('/data', files);
  const hello = (facts: HelloFacts) =>
    robotRecords(
      { config, files, uplinkLog, clock: new SimulatedClock(), name: 'hub.example.com', presentKeys: async () => [] },
      folder,
      async () => facts,
    )(identityFrom(newIdentityKey())).hello();
  const known = await hello({ critical: 1, error: 0, software: 'navigation-2.1.0' });
  assert.deepEqual([known.versions.software, known.active], ['navigation-2.1.0', { critical: 1, error: 0 }]);
  assert.deepEqual(Object.keys((await hello({ critical: 0, error: 0, software: undefined })).versions), ['medkit']);
});

it('the release in use is that of the health of updates', () => {
  assert.equal(releaseIn({ 'x-medkit-updates': { in_use: 'navigation-2.1.0' } }), 'navigation-2.1.0');
  assert.equal(releaseIn({ 'x-medkit-updates': { in_use: 'x'.repeat(200) } })?.length, 128);
  for (const health of [{}, { 'x-medkit-updates': {} }, { 'x-medkit-updates': { in_use: null } }]) {
    assert.equal(releaseIn(health), undefined);
  }
});
