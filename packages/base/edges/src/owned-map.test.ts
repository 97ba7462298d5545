import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnedMap } from './owned-map.ts';

const ownedMap = (capacity: number) => new OwnedMap<string, string>(capacity, (owner) => owner);

describe('a map whose entries have owners', () => {
  it('counts entries while they are set, given to another owner, deleted and cleared', () => {
    const map = ownedMap(10);
    map.set('1', 'a').set('2', 'a').set('3', 'b').set('1', 'a');
    assert.deepEqual([map.quota.heldBy('a'), map.quota.heldBy('b'), map.quota.total], [2, 1, 3]);
    map.set('1', 'b');
    assert.deepEqual(map.owners(), [
      ['a', 1],
      ['b', 2],
    ]);
    assert.equal(map.delete('2'), true);
    assert.equal(map.delete('2'), false);
    assert.deepEqual([map.quota.heldBy('a'), map.quota.total, map.size], [0, 2, 2]);
    map.clear();
    assert.deepEqual([map.quota.total, map.size, map.owners()], [0, 0, []]);
  });

  it('removes the oldest entry of the owner that has the most if it is full', () => {
    const map = ownedMap(4);
    map.keep('quiet', 'b');
    const removed = Array.from({ length: 10 }, (_, index) => map.keep(`${index}`, 'a')?.[0]);
    assert.deepEqual(removed, [undefined, undefined, undefined, '0', '1', '2', '3', '4', '5', '6']);
    assert.equal(map.get('quiet'), 'b');
    assert.deepEqual(map.figures(), { held: 4, capacity: 4, owners: 2, largest: 3, refused: 7, evicts: true });
    assert.deepEqual(map.keep('9', 'a'), undefined, 'an entry that exists is renewed');
    assert.deepEqual([...map.keys()], ['quiet', '7', '8', '9']);
  });

  it('removes an entry without an owner if those are the most', () => {
    const map = new OwnedMap<number, string | undefined>(3, (owner) => owner);
    map.keep(1, undefined);
    map.keep(2, undefined);
    map.keep(3, 'a');
    assert.deepEqual(map.keep(4, 'b'), [1, undefined]);
    assert.deepEqual(map.valuesOf('a'), ['a']);
  });
});
