import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidReply, validateReply } from './validate-reply.ts';

describe('a reply', () => {
  it('that is valid stays unchanged', () => {
    for (const reply of [
      { id: 'x', data: null },
      { items: [{ id: 'a', name: 'b' }, { id: 7n }, 'rosbags', [1, 2]], 'x-medkit': { count: 4 } },
    ]) {
      assert.equal(validateReply<unknown>(reply), reply);
    }
  });

  it('loses invalid items, and is marked as incomplete', () => {
    const sound = { id: 'a', name: 'b' };
    const items = [null, 7, sound, { id: 'b', name: {} }, { fault_code: 7 }, { message: [] }];
    assert.deepEqual(validateReply<unknown>({ items, 'x-medkit': { count: 6 } }), {
      items: [sound],
      'x-medkit': { count: 6, partial: true },
    });
    assert.deepEqual(validateReply<unknown>({ items: [null], 'x-medkit': 'x' }), {
      items: [],
      'x-medkit': { ...Object('x'), partial: true },
    });
  });

  it('that is no document, or has no list if one is expected, is refused', () => {
    for (const reply of [null, 7, 'x', [], { items: null }, { items: { length: 1e9 } }]) {
      assert.throws(() => validateReply<unknown>(reply), InvalidReply, JSON.stringify(reply));
    }
  });
});
