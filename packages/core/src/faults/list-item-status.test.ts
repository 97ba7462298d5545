import assert from 'node:assert/strict';
import { it } from 'node:test';
import { listedStatus } from './list-item-status.ts';

it('is the status of an item, or status_raw if the status is an object', () => {
  const item = { aggregatedStatus: 'active' };
  assert.equal(listedStatus({ status: 'HEALED', 'x-medkit': { status_raw: 'CONFIRMED' } }), 'HEALED');
  assert.equal(listedStatus({ status: item, 'x-medkit': { status_raw: 'CONFIRMED' } }), 'CONFIRMED');
});

it('is empty if the item has no status', () => {
  for (const about of [undefined, null, 'CONFIRMED', {}, { status_raw: 1 }]) {
    assert.equal(listedStatus({ status: {}, 'x-medkit': about }), '');
  }
  assert.equal(listedStatus({}), '');
});
