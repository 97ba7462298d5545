import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type BeaconHint, emptyHint } from '../hint/beacon-hint.ts';
import { hintLifetime } from './hint-lifetime.ts';
import { HintStore } from './hint-store.ts';

const LIFETIME = { ttlMs: 10_000, expiryMs: 300_000 };

function storeOf(maxHints = 10): HintStore {
  return new HintStore({ ...LIFETIME, maxHints });
}

function hint(entityId: string, receivedAtMs: number, fields: Partial<BeaconHint> = {}): BeaconHint {
  return { ...emptyHint(entityId, receivedAtMs), ...fields };
}

describe('3.1 store of hints', () => {
  it('3.1 [edge]: a hint is active, stale from the ttl on, and removed from the expiry on', () => {
    const store = storeOf();
    assert.equal(store.update(hint('lidar', 0), 0), 'added');
    const statusAt = (nowMs: number) => store.get('lidar', nowMs)?.status;
    assert.deepEqual([0, 9999, 10_000, 299_999, 300_000].map(statusAt), [
      'active',
      'active',
      'stale',
      'stale',
      undefined,
    ]);
    assert.equal(store.get('lidar', 10_500)?.ageMs, 10_500);
    assert.equal(store.get('nobody', 0), undefined);
  });

  it('3.1 [edge]: get hides an expired hint, also before it is evicted', () => {
    const store = storeOf();
    store.update(hint('lidar', 0), 0);
    assert.deepEqual([store.get('lidar', 300_000), store.size], [undefined, 1]);
  });

  it('3.1 [edge]: an expiry that is not greater than the ttl becomes ten times the ttl', () => {
    assert.deepEqual(hintLifetime({ ttlMs: 10, expiryMs: 300 }), { ttlMs: 10, expiryMs: 300 });
    assert.deepEqual(hintLifetime({ ttlMs: 10, expiryMs: 10 }), { ttlMs: 10, expiryMs: 100 });
    assert.deepEqual(hintLifetime({ ttlMs: 10, expiryMs: 3 }), { ttlMs: 10, expiryMs: 100 });
  });

  it('3.1 [edge]: an update overwrites the given fields, keeps the others, and replaces metadata as a whole', () => {
    const store = storeOf();
    store.update(
      hint('lidar', 0, { displayName: 'LiDAR', processId: 7, functionIds: ['a', 'b'], metadata: { a: '1', b: '2' } }),
      0,
    );
    assert.equal(
      store.update(hint('lidar', 5, { hostname: 'amr', functionIds: ['c'], metadata: { b: '3' } }), 5),
      'changed',
    );
    const merged = { displayName: 'LiDAR', processId: 7, hostname: 'amr', functionIds: ['c'], metadata: { b: '3' } };
    assert.deepEqual(store.get('lidar', 5)?.hint, hint('lidar', 5, merged));
    assert.equal(store.update(hint('lidar', 6), 6), 'refreshed');
    assert.deepEqual(store.get('lidar', 6)?.hint, hint('lidar', 6, merged));
  });

  it('3.1 [edge]: a stale hint is revived, an expired one starts empty', () => {
    const store = storeOf();
    store.update(hint('lidar', 0, { displayName: 'LiDAR' }), 0);
    assert.equal(store.get('lidar', 20_000)?.status, 'stale');
    assert.equal(store.update(hint('lidar', 20_000), 20_000), 'changed');
    assert.deepEqual(
      [store.get('lidar', 20_000)?.status, store.get('lidar', 20_000)?.hint.displayName],
      ['active', 'LiDAR'],
    );
    assert.equal(store.update(hint('lidar', 400_000), 400_000), 'added');
    assert.equal(store.get('lidar', 400_000)?.hint.displayName, '');
  });

  it('3.1 [edge]: a full store refuses a new entity and takes updates of known ones', () => {
    const store = storeOf(2);
    store.update(hint('a', 0), 0);
    store.update(hint('b', 0), 0);
    assert.equal(store.update(hint('c', 1), 1), 'full');
    assert.equal(store.update(hint('b', 1, { hostname: 'amr' }), 1), 'changed');
    assert.deepEqual([store.size, store.get('c', 1)], [2, undefined]);
    store.evictAndSnapshot(300_000);
    assert.equal(store.update(hint('c', 300_000), 300_000), 'added');
  });

  it('3.1 [edge]: eviction and snapshot are one step: an expired hint is in neither', () => {
    const store = storeOf();
    store.update(hint('old', 0), 0);
    store.update(hint('stale', 280_000), 280_000);
    store.update(hint('new', 299_000), 299_000);
    const { hints, changesInMs } = store.evictAndSnapshot(300_000);
    assert.deepEqual(
      hints.map((live) => [live.hint.entityId, live.status, live.ageMs]),
      [
        ['stale', 'stale', 20_000],
        ['new', 'active', 1000],
      ],
    );
    assert.deepEqual([store.size, store.has('old'), changesInMs], [2, false, 9000]);
    assert.deepEqual(store.evictAndSnapshot(900_000), { hints: [], changesInMs: undefined });
  });

  it('3.1 [edge]: a hint that arrives long after it was sent is stale immediately, and refused after the expiry', () => {
    const store = storeOf();
    assert.equal(store.update(hint('lidar', -20_000), 0), 'added');
    assert.equal(store.get('lidar', 0)?.status, 'stale');
    assert.equal(store.update(hint('gone', -300_000), 0), 'late');
    assert.equal(store.has('gone'), false);
  });

  it('3.1: a hint that was overtaken by a later one changes nothing', () => {
    const store = storeOf();
    store.update(hint('lidar', 1000, { displayName: 'new' }), 1000);
    assert.equal(store.update(hint('lidar', 900, { displayName: 'old' }), 1100), 'late');
    assert.deepEqual(store.get('lidar', 1100)?.hint, hint('lidar', 1000, { displayName: 'new' }));
  });

  it('3.1: gives the exact time at which the next of many hints changes', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 50; round++) {
      const store = storeOf(100);
      const nowMs = 1_000_000;
      for (let at = 0; at < 20; at++) store.update(hint(`n${at}`, nowMs - Math.floor(random.float() * 310_000)), nowMs);
      const before = store.evictAndSnapshot(nowMs);
      const statuses = (atMs: number) => before.hints.map((live) => store.get(live.hint.entityId, atMs)?.status);
      const now = statuses(nowMs);
      if (before.changesInMs === undefined) continue;
      assert.deepEqual(statuses(nowMs + before.changesInMs - 1), now, `round ${round}`);
      assert.notDeepEqual(statuses(nowMs + before.changesInMs), now, `round ${round}`);
    }
  });
});

describe('a source of hints', () => {
  it('takes at most half of the places that other sources left free', () => {
    const store = storeOf(4);
    const outcomes = ['a', 'b', 'c'].map((id) => store.update(hint(id, 0), 0, 'flood'));
    assert.deepEqual(outcomes, ['added', 'added', 'full']);
    assert.equal(store.update(hint('d', 0), 0, 'other'), 'added');
    assert.deepEqual(store.quota.figures(), { held: 3, capacity: 4, owners: 2, largest: 2, refused: 1 });
    store.evictAndSnapshot(300_000);
    assert.equal(store.update(hint('e', 300_000), 300_000, 'flood'), 'added');
  });
});
