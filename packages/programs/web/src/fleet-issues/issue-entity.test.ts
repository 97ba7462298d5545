import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOfEntity } from './issue-entity.ts';

describe('the evidence of an issue', () => {
  it('is of its entity, or of an unknown one', () => {
    assert.equal(isOfEntity('apps/motor_left', 'motor_left'), true);
    assert.equal(isOfEntity('apps/front_motor_left', 'motor_left'), false);
    assert.equal(isOfEntity('motor', 'motor'), true);
    assert.equal(isOfEntity(undefined, 'motor'), true);
    assert.equal(isOfEntity('apps/motor', null), true);
  });
});
