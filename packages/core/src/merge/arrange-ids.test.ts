import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Random, seededRandom } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import { ENTITY_KINDS, type EntityLists, listOf } from '../entity/entity.ts';
import { collisionWarnings } from '../runtime/collision-warnings.ts';
import { app, area, component, entityLists, functionEntity } from '../testing/entities.ts';
import { type ArrangedIds, arrangeIds } from './arrange-ids.ts';
import { mergeContributions } from './merge-contributions.ts';

/**
 * The contribution of a runtime: of this gateway, or of the gateway `b` if the runtime is called `b`, `b2` and so on.
 */
function contribution(runtime: string, lists: Partial<EntityLists>, priority = 1): Contribution {
  const [origin = ''] = runtime.split(/\d/);
  return { runtime, priority, ...(origin !== 'ros' && { origin }), ...entityLists(lists) };
}

/** Returns the ids of one kind in the resulting tree. */
function idsOf({ contributions }: ArrangedIds, kind: 'app' | 'component' | 'area' | 'function'): readonly string[] {
  return treeOf({ contributions })
    .all(kind)
    .map(({ id }) => id);
}

const treeOf = ({ contributions }: Pick<ArrangedIds, 'contributions'>) => mergeContributions(contributions).tree;

describe('ids of several gateways', () => {
  it('are unchanged if one gateway reports them all: the very same contributions are returned', () => {
    const local = [contribution('ros', { apps: [app('lidar')] }), contribution('ros2', { apps: [app('lidar')] })];
    assert.equal(arrangeIds(local).contributions, local);
    const [theirs = assert.fail()] = arrangeIds([contribution('b', { apps: [app('lidar')] })]).contributions;
    assert.deepEqual([theirs.apps[0]?.id, theirs.origin], ['lidar', 'b']);
  });

  it('of an app on two peers and this gateway are three, two of them prefixed with their gateway', () => {
    const lidar = (name: string) => app('lidar', { name, address: { runtime: name, nativeId: '/lidar' } });
    const arranged = arrangeIds([
      contribution('c', { apps: [lidar('c')] }),
      contribution('ros', { apps: [lidar('ros')] }),
      contribution('b', { apps: [lidar('b'), app('gripper')] }),
    ]);
    assert.deepEqual(idsOf(arranged, 'app'), ['b__lidar', 'c__lidar', 'gripper', 'lidar']);
    const { contributors, origin, name, address } = treeOf(arranged).get('app', 'b__lidar') ?? {};
    assert.deepEqual([contributors, origin, name, address?.nativeId], [['peer:b'], 'b', 'b__b', '/lidar']);
    assert.deepEqual(treeOf(arranged).get('app', 'lidar')?.contributors, ['local']);
    assert.deepEqual(arranged.collisions, [
      { kind: 'app', id: 'lidar', origin: 'b', alias: 'b__lidar', holder: 'local' },
      { kind: 'app', id: 'lidar', origin: 'c', alias: 'c__lidar', holder: 'local' },
    ]);
  });

  it('of areas and functions are shared, and a function hosts the apps of both by their ids here', () => {
    const part = (runtime: string) =>
      contribution(runtime, {
        areas: [area('hall', { tags: [runtime] })],
        apps: [app('lidar')],
        functions: [functionEntity('localisation', ['lidar'], { tags: [runtime] })],
      });
    const tree = treeOf(arrangeIds([part('b'), part('ros')]));
    assert.deepEqual(tree.get('function', 'localisation')?.hosts.toSorted(), ['b__lidar', 'lidar']);
    assert.deepEqual(tree.get('function', 'localisation')?.tags, ['b', 'ros']);
    assert.deepEqual(tree.get('area', 'hall')?.contributors, ['local', 'peer:b']);
    assert.equal(tree.all('area').length, 1);
  });

  it('of a component are shared if every gateway reports it as a parent, and two if it is a leaf on one of them', () => {
    const fleet = (runtime: string, child: string) =>
      contribution(runtime, { components: [component('fleet'), component(child, { parentComponentId: 'fleet' })] });
    const merged = arrangeIds([fleet('ros', 'amr'), fleet('b', 'crane')]);
    assert.deepEqual(idsOf(merged, 'component'), ['amr', 'crane', 'fleet']);
    assert.deepEqual(treeOf(merged).get('component', 'fleet')?.contributors, ['local', 'peer:b']);
    assert.deepEqual(merged.collisions, []);

    const leaf = arrangeIds([fleet('ros', 'amr'), contribution('b', { components: [component('fleet')] })]);
    assert.deepEqual(idsOf(leaf, 'component'), ['amr', 'b__fleet', 'fleet']);
    const children = arrangeIds([fleet('ros', 'ecu'), fleet('b', 'ecu')]);
    assert.deepEqual(idsOf(children, 'component'), ['b__ecu', 'ecu', 'fleet']);
    assert.equal(treeOf(children).get('component', 'b__ecu')?.parentComponentId, 'fleet');
  });

  it('leave areas and components of this gateway in place, whatever a peer reports about their parents', () => {
    const local = contribution('ros', {
      areas: [area('hall'), area('cell', { parentAreaId: 'hall' })],
      components: [component('fleet'), component('amr', { parentComponentId: 'fleet' })],
    });
    const theirs = contribution('b', {
      areas: [area('trap'), area('hall', { parentAreaId: 'trap' })],
      components: [
        component('fleet', { parentComponentId: 'cage', areaId: 'trap' }),
        component('cage'),
        component('crane', { parentComponentId: 'fleet' }),
      ],
    });
    const tree = treeOf(arrangeIds([local, theirs]));
    assert.equal(tree.get('area', 'hall')?.parentAreaId, undefined);
    const { parentComponentId, areaId, contributors } = tree.get('component', 'fleet') ?? {};
    assert.deepEqual([parentComponentId, areaId, contributors], [undefined, undefined, ['local', 'peer:b']]);
    assert.equal(tree.get('component', 'crane')?.parentComponentId, 'fleet');
  });

  it('of a component that is its own parent or grandparent are those of a leaf', () => {
    const table: readonly (readonly [readonly (readonly [string, string])[], readonly string[]])[] = [
      [[['x', 'x']], ['b__x', 'x']],
      [
        [
          ['x', 'y'],
          ['y', 'x'],
        ],
        ['b__x', 'b__y', 'x', 'y'],
      ],
      [[['x', 'nobody']], ['b__x', 'x']],
    ];
    for (const [parents, expected] of table) {
      const components = parents.map(([id, parentComponentId]) => component(id, { parentComponentId }));
      assert.deepEqual(
        idsOf(arrangeIds([contribution('ros', { components }), contribution('b', { components })]), 'component'),
        expected,
      );
    }
  });

  it('refer to entities of the same gateway in every reference, and to none if it does not report them', () => {
    const theirs = contribution('b', {
      components: [component('ecu', { dependsOn: ['psu', 'host'] }), component('psu')],
      apps: [app('a', { componentId: 'ecu', dependsOn: ['lidar', 'mine'] }), app('lidar', { componentId: 'host' })],
      functions: [functionEntity('f', ['a', 'lidar', 'ecu', 'mine', 'nobody'])],
    });
    const local = contribution('ros', {
      components: [component('ecu'), component('host')],
      apps: [app('lidar'), app('mine')],
    });
    const tree = treeOf(arrangeIds([local, theirs]));
    assert.deepEqual(tree.get('component', 'b__ecu')?.dependsOn, ['psu', 'b__host']);
    assert.deepEqual(
      [tree.get('app', 'a')?.componentId, tree.get('app', 'a')?.dependsOn],
      ['b__ecu', ['b__lidar', 'b__mine']],
    );
    assert.equal(tree.get('app', 'b__lidar')?.componentId, 'b__host');
    assert.deepEqual(tree.get('function', 'f')?.hosts, ['a', 'b__lidar', 'b__ecu', 'b__mine', 'nobody']);
    assert.deepEqual(tree.appsOn('host'), []);
  });

  it('are used for the additions of a gateway to its own entities; additions never reach those of other gateways', () => {
    const local = contribution('ros', { apps: [app('lidar')] });
    const theirs = contribution('b', { apps: [app('lidar'), app('gripper')] });
    const adding = (runtime: string, id: string): Contribution => ({
      ...contribution(runtime, {}, 0),
      additions: { apps: [app(id, { capabilities: [`x-${runtime}`] })] },
    });
    const parts = [local, theirs, adding('b2', 'lidar'), adding('ros2', 'lidar'), adding('ros3', 'gripper')];
    const tree = treeOf(arrangeIds(parts));
    assert.deepEqual(
      tree.all('app').map(({ id, capabilities }) => [id, capabilities]),
      [
        ['b__lidar', ['x-b2']],
        ['gripper', undefined],
        ['lidar', ['x-ros2']],
      ],
    );
  });

  it('get a different suffix if the alias is taken, and none is too long', () => {
    const long = 'x'.repeat(256);
    const theirs = contribution('b', { apps: [app('lidar'), app('b__lidar'), app(long)] });
    const arranged = arrangeIds([contribution('ros', { apps: [app('lidar'), app('b__lidar_2'), app(long)] }), theirs]);
    const ids = idsOf(arranged, 'app');
    assert.deepEqual(ids, [`b__${long}`.slice(0, 256), 'b__lidar', 'b__lidar_2', 'b__lidar_3', 'lidar', long].sort());
    assert.deepEqual(mergeContributions(arranged.contributions).report.dropped, []);
  });

  it('stay with their first owner after a collision, also when that entity is removed, and resolve to no other entity', () => {
    const local = contribution('ros', { apps: [app('lidar-front', { aliases: ['/lidar', 'front'], node: '/lidar' })] });
    const theirs = contribution('b', {
      apps: [
        app('lidar-front', { aliases: ['/lidar', 'front'], node: '/lidar' }),
        app('lidar_front', { aliases: ['/other'] }),
      ],
    });
    const holderOf = (_kind: string, id: string) => (id === 'front' || id === 'lidar-front' ? 'local' : undefined);
    const both = arrangeIds([local, theirs], undefined, holderOf);
    const alone = arrangeIds([contribution('ros', {}), theirs], both, holderOf);
    assert.deepEqual(idsOf(alone, 'app'), ['b__lidar-front', 'lidar_front']);
    for (const name of ['lidar-front', '/lidar', 'front', '/other']) {
      assert.equal(treeOf(alone).resolve('app', name), undefined, name);
    }
    const gone = arrangeIds([theirs], arrangeIds([contribution('ros', {})], both));
    assert.deepEqual(idsOf(gone, 'app'), ['b__lidar-front', 'lidar_front']);
    assert.deepEqual(idsOf(arrangeIds([local, theirs], gone), 'app'), idsOf(both, 'app'));
  });

  it('resolve entities of other gateways in either spelling and by their aliases', () => {
    const gate = app('safety_gate', { aliases: ['/gate', 'gate'], node: '/gate' });
    const tree = treeOf(
      arrangeIds([
        contribution('ros', { apps: [app('lidar-front')] }),
        contribution('b', { apps: [gate, app('lidar_front')] }),
      ]),
    );
    for (const name of ['safety_gate', 'safety-gate', 'gate']) {
      assert.equal(tree.resolve('app', name)?.id, 'safety_gate', name);
    }
    assert.equal(tree.resolve('app', '/gate'), undefined);
    assert.equal(tree.resolve('app', 'lidar-front')?.origin, 'local');
    assert.equal(tree.resolve('app', 'lidar_front')?.origin, 'b');
  });

  it('belong to the peer of the highest priority if this gateway has no such entity', () => {
    const arranged = (b: number, c: number) =>
      arrangeIds([contribution('b', { apps: [app('lidar')] }, b), contribution('c', { apps: [app('lidar')] }, c)]);
    assert.deepEqual(idsOf(arranged(1, 1), 'app'), ['c__lidar', 'lidar']);
    assert.deepEqual(idsOf(arranged(1, 2), 'app'), ['b__lidar', 'lidar']);
  });

  it('that a peer was given earlier stay reserved while it is disconnected, but this gateway can claim them', () => {
    const holderOf = (_kind: string, id: string) => (id === 'lidar' ? 'c' : undefined);
    const b = contribution('b', { apps: [app('lidar')] }, 9);
    const c = contribution('c', { apps: [app('lidar', { name: 'c' })] });
    assert.deepEqual(idsOf(arrangeIds([b], undefined, holderOf), 'app'), ['b__lidar']);
    const both = arrangeIds([b, c], undefined, holderOf);
    assert.deepEqual(idsOf(both, 'app'), ['b__lidar', 'lidar']);
    assert.equal(treeOf(both).get('app', 'lidar')?.origin, 'c');
    const withLocal = arrangeIds([contribution('ros', { apps: [app('lidar')] }), b, c], undefined, holderOf);
    assert.deepEqual(idsOf(withLocal, 'app'), ['b__lidar', 'c__lidar', 'lidar']);
  });

  it('of a parent component stay shared, whichever gateway described it first', () => {
    const fleet = contribution('b', {
      components: [component('fleet'), component('amr', { parentComponentId: 'fleet' })],
    });
    assert.deepEqual(
      idsOf(
        arrangeIds([fleet], undefined, (_kind, id) => (id === 'fleet' ? 'c' : undefined)),
        'component',
      ),
      ['amr', 'fleet'],
    );
  });

  it('that collide are reported in a warning: how many, of which peer, and the new ids', () => {
    const apps = ['a', 'b', 'c', 'd'].map((id) => app(id));
    const components = [component('ecu')];
    const arranged = arrangeIds([contribution('ros', { apps, components }), contribution('b', { apps, components })]);
    assert.deepEqual(collisionWarnings(arranged.collisions), [
      {
        code: 'leaf_id_collision',
        message:
          'Ids of components of b are already in use on this gateway, so these components are shown as b__ecu. Give one of each two components another id.',
        entityIds: ['ecu', 'b__ecu'],
        peerNames: ['b'],
      },
      {
        code: 'app_id_collision',
        message:
          'Ids of apps of b are already in use on this gateway, so these apps are shown as b__a, b__b, b__c and 1 more. Give one of each two apps another id.',
        entityIds: ['a', 'b__a', 'b', 'b__b', 'c', 'b__c', 'd', 'b__d'],
        peerNames: ['b'],
      },
    ]);
  });
});

describe('ids of random gateways', () => {
  const cases = Array.from({ length: 60 }, (_, seed) => ({ seed, contributions: randomGateways(seededRandom(seed)) }));

  it('do not depend on the order of the contributions or of their arrival', () => {
    for (const { seed, contributions } of cases) {
      const expected = arrangeIds(contributions);
      for (const order of permutations(contributions)) {
        const byArrival = order.reduce<ArrangedIds | undefined>(
          (before, _, at) => arrangeIds(order.slice(0, at + 1), before),
          undefined,
        );
        for (const arranged of [arrangeIds(order), byArrival ?? expected]) {
          assert.deepEqual(contentOf(arranged), contentOf(expected), `seed ${seed}`);
          assert.deepEqual(arranged.collisions, expected.collisions, `seed ${seed}`);
        }
      }
    }
  });

  it('lose no entity, and take no id from this gateway', () => {
    for (const { seed, contributions } of cases) {
      const arranged = arrangeIds(contributions);
      const apps = contributions.flatMap(({ origin, apps }) => apps.map(({ id }) => `${origin} ${id}`));
      assert.equal(idsOf(arranged, 'app').length, new Set(apps).size, `seed ${seed}`);
      const tree = treeOf(arranged);
      for (const { origin, apps, components } of contributions) {
        if (origin !== undefined) continue;
        for (const { kind, id } of [...apps, ...components]) {
          assert.equal(tree.get(kind, id)?.origin, 'local', `seed ${seed}`);
        }
      }
    }
  });

  it('return the same objects again if nothing about them differs', () => {
    for (const { seed, contributions } of cases) {
      const first = arrangeIds(contributions);
      const again = arrangeIds(
        contributions.map((part) => ({ ...part })),
        first,
      );
      for (const [at, part] of again.contributions.entries()) {
        for (const kind of ENTITY_KINDS) {
          assert.equal(listOf(part, kind), listOf(first.contributions[at] ?? assert.fail(), kind), `seed ${seed}`);
        }
      }
      const grown = [...contributions, contribution('ros9', { apps: [app('new')] })];
      const merged = mergeContributions(first.contributions);
      const later = mergeContributions(arrangeIds(grown, first).contributions, merged);
      for (const entity of merged.tree.all('app'))
        assert.equal(later.tree.get('app', entity.id), entity, `seed ${seed}`);
    }
  });
});

function contentOf(arranged: ArrangedIds): unknown {
  return ENTITY_KINDS.map((kind) => treeOf(arranged).all(kind));
}

/**
 * Returns up to three gateways, including this one, each with one or two runtimes and a few entities with the same ids.
 */
function randomGateways(random: Random): readonly Contribution[] {
  const some = <T>(values: readonly T[]): readonly T[] => values.filter(() => random.float() < 0.4);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random.float() * values.length)] as T;
  const ids = ['x', 'y', 'z', 'b__x'];
  return some(['ros', 'ros2', 'b', 'b2', 'c']).map((runtime) => {
    const priority = { ros: 1, ros2: 2, b: 3, b2: 3, c: 4 }[runtime] ?? 0;
    return contribution(
      runtime,
      {
        areas: some(['x', 'y']).map((id) => area(id)),
        components: some(ids).map((id) =>
          component(id, random.float() < 0.5 ? { parentComponentId: pick(ids) } : { dependsOn: some(ids) }),
        ),
        apps: some(ids).map((id) => app(id, { componentId: pick([...ids, 'nobody']), dependsOn: some(ids) })),
        functions: some(['x', 'f']).map((id) => functionEntity(id, some(ids))),
      },
      priority,
    );
  });
}

function permutations<T>(values: readonly T[]): readonly (readonly T[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((value, at) =>
    permutations([...values.slice(0, at), ...values.slice(at + 1)]).map((rest) => [value, ...rest]),
  );
}
