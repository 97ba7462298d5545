import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { App, EntityLists } from '../entity/entity.ts';
import { ENTITY_KINDS } from '../entity/entity.ts';
import { indexEntities } from '../entity/index-entities.ts';
import { treeDifference } from './tree-difference.ts';

const app = (id: string): App => ({ kind: 'app', id, name: id, source: 'heuristic', online: true });
const tree = (apps: readonly App[], generation = 1, lists: Partial<EntityLists> = {}) =>
  indexEntities({ areas: [], components: [], apps, functions: [], ...lists }, generation);

describe('difference of two trees', () => {
  it('names added, removed and replaced entities, and the later generation', () => {
    const unchanged = app('c');
    const before = tree([app('a'), app('b'), unchanged, app('z')]);
    assert.deepEqual(treeDifference(before, tree([app('b'), app('bb'), unchanged], 2)), {
      generation: 2,
      added: [{ kind: 'app', id: 'bb' }],
      removed: [
        { kind: 'app', id: 'a' },
        { kind: 'app', id: 'z' },
      ],
      changed: [{ kind: 'app', id: 'b' }],
    });
  });

  it('names entities whose id changed, also if another entity has the earlier id', () => {
    const at = (id: string, nativeId: string): App => ({ ...app(id), address: { runtime: 'ros2', nativeId } });
    const before = tree([at('controller', '/robot1/controller')]);
    const longer = at('robot1_controller', '/robot1/controller');
    const expected = [{ kind: 'app', from: 'controller', to: 'robot1_controller' }];
    assert.deepEqual(treeDifference(before, tree([longer], 2)).renamed, expected);
    const both = tree([at('controller', '/robot2/controller'), longer], 2);
    assert.deepEqual(treeDifference(before, both).renamed, expected);
    assert.equal(treeDifference(before, tree([at('controller', '/robot2/controller')], 2)).renamed, undefined);
  });

  it('omits renamed entities of other gateways: this gateway stores nothing under their ids', () => {
    const peers = (id: string): App => ({
      ...app(id),
      origin: 'arm',
      address: { runtime: 'arm', nativeId: 'controller' },
    });
    assert.equal(treeDifference(tree([peers('controller')]), tree([peers('arm__controller')], 2)).renamed, undefined);
  });

  it('distinguishes entities of the same id and different kinds', () => {
    const area = { kind: 'area', id: 'a', name: 'a', source: 'manifest' } as const;
    const { added, removed } = treeDifference(tree([app('a')]), tree([], 2, { areas: [area] }));
    assert.deepEqual([added, removed], [[{ kind: 'area', id: 'a' }], [{ kind: 'app', id: 'a' }]]);
  });

  it('skips the common beginning and end of the lists', () => {
    let looks = 0;
    const watched = (id: string): App =>
      new Proxy(app(id), {
        get: (entity, field) => {
          looks += 1;
          return Reflect.get(entity, field);
        },
      });
    const [front, behind] = [['a', 'b', 'c'].map(watched), ['x', 'y', 'z'].map(watched)];
    const [before, after] = [tree([...front, ...behind]), tree([...front, app('m'), ...behind], 2)];
    looks = 0;
    assert.deepEqual(treeDifference(before, after).added, [{ kind: 'app', id: 'm' }]);
    assert.equal(looks, 0);
  });

  it('equals a comparison entity by entity for any two trees', () => {
    const random = seededRandom(11);
    // Ids whose order by code unit differs from alphabetical order.
    const ids = Array.from({ length: 40 }, (_, at) => `${'aB_-9'[at % 5]}${at % 8}`);
    const pool = ids.map(app);
    const some = () => pool.filter(() => random.float() < 0.6);
    for (let round = 0; round < 200; round++) {
      const before = tree(some());
      const after = tree(
        some().map((entity) => (random.float() < 0.2 ? { ...entity } : entity)),
        2,
      );
      const refs = (from: typeof before, matches: (id: string) => boolean) =>
        ENTITY_KINDS.flatMap((kind) => from.all(kind).flatMap(({ id }) => (matches(id) ? [{ kind, id }] : [])));
      const [old, now] = [before, after].map((each) => (id: string) => each.get('app', id));
      assert.deepEqual(treeDifference(before, after), {
        generation: 2,
        added: refs(after, (id) => !old(id)),
        removed: refs(before, (id) => !now(id)),
        changed: refs(after, (id) => old(id) !== undefined && old(id) !== now(id)),
      });
    }
  });
});
