import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { formatLimits, readLimits } from './limits.ts';

it('limits of accounts are read and shown in the same form', () => {
  const text = 'site=berlin, group=night, site=Werk 2+group=day:viewer';
  const grants = [{ site: 'berlin' }, { group: 'night' }, { site: 'Werk 2', group: 'day', role: 'viewer' }];
  assert.deepEqual(readLimits(text), grants);
  assert.equal(formatLimits(grants), text);
  assert.deepEqual([readLimits('none'), readLimits(undefined), formatLimits(undefined)], [[], undefined, '']);
});

it('limits without a site or group are refused with the form', () => {
  for (const text of ['', 'berlin', 'site=', 'site=a,role=viewer']) {
    assert.throws(() => readLimits(text), CommandFailed, text);
    assert.throws(() => readLimits(text), /use site=<name>/);
  }
});
