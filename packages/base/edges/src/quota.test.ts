import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Quota, selectFairly } from './quota.ts';

/** Takes until the quota refuses. Returns how many entries the owner got. */
function fill(quota: Quota, owner: string | undefined): number {
  let taken = 0;
  while (quota.take(owner)) taken += 1;
  return taken;
}

describe('a quota', () => {
  it('gives an owner half of what the others left, so that the next owner always finds room', () => {
    const quota = new Quota(1000);
    assert.deepEqual(
      ['a', 'b', 'c'].map((owner) => fill(quota, owner)),
      [500, 250, 125],
    );
    assert.deepEqual(quota.figures(), { held: 875, capacity: 1000, owners: 3, largest: 500, refused: 3 });
  });

  it('gives its only place to the first owner, and one of two to each', () => {
    assert.equal(fill(new Quota(1), 'a'), 1);
    const two = new Quota(2);
    assert.deepEqual([fill(two, 'a'), fill(two, 'b'), fill(two, 'c')], [1, 1, 0]);
  });

  it('bounds entries without an owner by the capacity alone', () => {
    const quota = new Quota(10);
    quota.take('a');
    assert.equal(fill(quota, undefined), 9);
    assert.equal(quota.isFull, true);
  });

  it('gives the place of a released entry to others too', () => {
    const quota = new Quota(4);
    assert.equal(fill(quota, 'a'), 2);
    quota.release('a');
    assert.equal(quota.heldBy('a'), 1);
    assert.equal(fill(quota, 'b'), 2);
    quota.release('a');
    assert.deepEqual(quota.figures(), { held: 2, capacity: 4, owners: 1, largest: 2, refused: 2 });
  });

  it('counts entries beyond the share that were stored earlier, and refuses more of that owner', () => {
    const quota = new Quota(4);
    quota.add('a', 3);
    quota.add(undefined);
    assert.equal(quota.admits('a'), false);
    assert.equal(quota.total, 4);
    quota.clear();
    quota.add('a');
    assert.equal(quota.admits('a'), true);
    assert.equal(quota.largestOwner(), 'a');
  });

  it('reports the owner with the most entries while entries are added and released', () => {
    const quota = new Quota(100);
    quota.add('a', 5);
    quota.add('b', 3);
    quota.add('c');
    assert.equal(quota.largestOwner(), 'a');
    quota.release('a', 4);
    assert.deepEqual([quota.largestOwner(), quota.figures().largest], ['b', 3]);
    quota.release('b', 3);
    assert.equal(quota.figures().largest, 1);
    quota.release('a');
    quota.release('c');
    assert.equal(quota.largestOwner(), undefined);
    assert.deepEqual(quota.figures(), { held: 0, capacity: 100, owners: 0, largest: 0, refused: 0 });
  });
});

describe('shared places', () => {
  const ownerOf = (item: string): string | undefined => item.split(' ')[1];
  const flood = Array.from({ length: 20 }, (_, at) => `${at} greedy`);

  it('are given to the first items, while each owner leaves room to the others', () => {
    const selected = selectFairly([...flood, '0 other', '0 third', '0'], 8, ownerOf);
    assert.deepEqual(selected.slice(0, 7), [...flood.slice(0, 4), '0 other', '0 third', '0']);
    assert.equal(selected.length, 8);
  });

  it('are all given to one owner if no other owner needs any', () => {
    assert.deepEqual(selectFairly(flood, 8, ownerOf), flood.slice(0, 8));
    assert.equal(selectFairly(flood, 20, ownerOf), flood);
  });
});
