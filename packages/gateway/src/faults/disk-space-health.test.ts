import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Quota } from '@medkit/edges';
import { displacementHealth } from './disk-space-health.ts';

it('health warns when the space for faults is nearly used up, and names the sources with the most', () => {
  const facts = {
    standing: 9001,
    standingLimit: 10_000,
    sourceLimit: 2000,
    refused: 3,
    displaced: 1,
    quota: new Quota(12_000).figures(),
  };
  const health = (isNearlyFull: boolean, nearlyFullSources: readonly string[]) =>
    displacementHealth({ room: () => ({ ...facts, isNearlyFull, nearlyFullSources }) });
  const { warnings, figures } = health(true, ['/chatty']);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['fault_room_low', 'fault_source_room_low'],
  );
  assert.match(
    warnings[0]?.message ?? '',
    /^9001 faults are active; from 10000 on, only critical faults are accepted\./,
  );
  assert.match(warnings[1]?.message ?? '', /\/chatty/);
  assert.deepEqual(figures, { room: { standing: 9001, limit: 10_000, refused_total: 3, displaced_total: 1 } });
  assert.deepEqual(health(false, []).warnings, []);
});
