import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Random, seededRandom } from '@medkit/edges';
import type { Contribution } from '../entity/contribution.ts';
import type { App, Entity, EntityLists } from '../entity/entity.ts';
import { ENTITY_KINDS } from '../entity/entity.ts';
import { FIELD_GROUPS, MERGE_POLICIES } from '../entity/layer-policies.ts';
import type { EntityTree } from '../entity/tree.ts';
import { app, area, component, entityLists, functionEntity } from '../testing/entities.ts';
import { mergeContributions, provenance } from './merge-contributions.ts';

function contribution(runtime: string, priority: number, lists: Partial<EntityLists>): Contribution {
  return { runtime, priority, ...entityLists(lists) };
}

function contentOf(tree: EntityTree): unknown {
  return ENTITY_KINDS.map((kind) => tree.all(kind));
}

describe('merge of contributions', () => {
  it('lets the higher priority win field by field and the lower fill the gaps', () => {
    const ros = contribution('ros2', 10, {
      apps: [
        app('lidar', { name: 'lidar', node: '/lidar', online: true, address: { runtime: 'ros2', nativeId: '/lidar' } }),
      ],
    });
    const manifest = contribution('site-manifest', 20, {
      apps: [app('lidar', { name: 'Front LiDAR', source: 'manifest', online: false, tags: ['safety'] })],
    });
    const { tree } = mergeContributions([ros, manifest]);
    assert.deepEqual(tree.get('app', 'lidar'), {
      kind: 'app',
      id: 'lidar',
      name: 'Front LiDAR',
      source: 'manifest',
      online: true,
      tags: ['safety'],
      node: '/lidar',
      address: { runtime: 'ros2', nativeId: '/lidar' },
      addresses: [{ runtime: 'ros2', nativeId: '/lidar' }],
      origin: 'local',
      contributors: ['local'],
    });
    assert.deepEqual(provenance([ros, manifest], { kind: 'app', id: 'lidar' }), {
      name: 'site-manifest',
      source: 'site-manifest',
      online: 'ros2',
      tags: 'site-manifest',
      node: 'ros2',
      address: 'ros2',
    });
  });

  it('merges metadata by key; the strongest layer wins for the same key', () => {
    const linux = contribution('linux', 10, { apps: [app('lidar', { metadata: { 'x-pid': 7, 'x-unit': 'lidar' } })] });
    const beacon: Contribution = {
      ...contribution('beacon', 5, {}),
      additions: { apps: [app('lidar', { metadata: { 'x-pid': 8, 'x-hosts': ['a', 'b'] } })] },
    };
    const expected = { 'x-pid': 7, 'x-unit': 'lidar', 'x-hosts': ['a', 'b'] };
    assert.deepEqual(mergeContributions([linux, beacon]).tree.get('app', 'lidar')?.metadata, expected);
    assert.deepEqual(mergeContributions([beacon, linux]).tree.get('app', 'lidar')?.metadata, expected);
  });

  it('applies additions only to entities that others report; additions create no entity and override no field', () => {
    const ros = contribution('ros2', 10, {
      apps: [app('lidar', { name: 'lidar', source: 'heuristic', online: false })],
    });
    const beacon: Contribution = {
      ...contribution('beacon', 90, { apps: [app('pump', { capabilities: ['x-own'] })] }),
      additions: {
        apps: [
          app('lidar', {
            name: 'Front',
            source: 'plugin',
            online: true,
            tags: ['safety'],
            capabilities: ['x-a', 'x-b'],
          }),
          app('gone', { capabilities: ['x-a'] }),
          app('pump', { capabilities: ['x-twice'] }),
        ],
      },
    };
    const linux: Contribution = {
      ...contribution('linux', 5, {}),
      additions: { apps: [app('lidar', { capabilities: ['x-b', 'x-c'] })] },
    };
    const { tree, report } = mergeContributions([linux, beacon, ros]);
    assert.deepEqual(
      tree
        .all('app')
        .map(({ id }) => id)
        .sort(),
      ['lidar', 'pump'],
    );
    const lidar = tree.get('app', 'lidar');
    assert.deepEqual([lidar?.name, lidar?.source, lidar?.online], ['lidar', 'heuristic', true]);
    assert.deepEqual([lidar?.tags, lidar?.capabilities], [['safety'], ['x-a', 'x-b', 'x-c']]);
    assert.deepEqual(tree.get('app', 'pump')?.capabilities, ['x-own']);
    assert.deepEqual(report.dropped, []);
    assert.deepEqual(mergeContributions([ros, linux, beacon]).tree.all('app'), tree.all('app'));
  });

  it('never lets an empty text or list erase a value of another layer', () => {
    const rich = contribution('a', 1, {
      components: [component('ecu', { description: 'Main board', dependsOn: ['psu'] })],
    });
    const poor = contribution('b', 9, { components: [component('ecu', { description: '', dependsOn: [] })] });
    const ecu = mergeContributions([rich, poor]).tree.get('component', 'ecu');
    assert.equal(ecu?.description, 'Main board');
    assert.deepEqual(ecu?.dependsOn, ['psu']);
  });

  it('lists `local` first among the contributors, then peers by name', () => {
    const parts = ['b', 'a', undefined].map((origin, at) => ({
      ...contribution(`r${at}`, at, { areas: [area('hall')] }),
      ...(origin && { origin }),
    }));
    assert.deepEqual(mergeContributions(parts).tree.get('area', 'hall')?.contributors, ['local', 'peer:a', 'peer:b']);
  });

  it('has every address once, that of the strongest live data first, whichever other layers report the entity', () => {
    const at = (runtime: string, nativeId = '/lidar') => ({ runtime, nativeId });
    const graph = contribution('ros2', 10, { apps: [app('lidar', { address: at('ros2') })] });
    const linked: Contribution = {
      ...contribution('linked', 20, { apps: [app('lidar', { address: { ...at('ros2'), withheld: ['data'] } })] }),
      policies: { live_data: 'fallback' },
    };
    const plugin = contribution('plc', 5, { apps: [app('lidar', { address: at('plc', 'lidar') })] });
    const manifest = contribution('manifest', 30, { apps: [app('lidar')] });
    const table: readonly (readonly [readonly Contribution[], unknown])[] = [
      [[graph], [at('ros2')]],
      [[manifest], undefined],
      [[graph, manifest], [at('ros2')]],
      [
        [graph, plugin, manifest],
        [at('ros2'), at('plc', 'lidar')],
      ],
      [[linked, graph], [at('ros2')]],
      [
        [linked, plugin],
        [at('plc', 'lidar'), { ...at('ros2'), withheld: ['data'] }],
      ],
    ];
    for (const [reported, expected] of table) {
      for (const contributions of [reported, reported.toReversed()]) {
        const lidar = mergeContributions(contributions).tree.get('app', 'lidar');
        assert.deepEqual(lidar?.addresses, expected);
        assert.deepEqual(lidar?.address, lidar?.addresses?.[0]);
      }
    }
  });

  it('takes the address of each contribution, and ignores the further addresses that it claims', () => {
    const address = { runtime: 'plc', nativeId: 'lidar' };
    const boast = { addresses: [{ runtime: 'ros2', nativeId: '/lidar' }, address] };
    const reported = (...apps: readonly App[]) => apps.map((of, at) => contribution(`r${at}`, at, { apps: [of] }));
    for (const more of [[], [app('lidar')]]) {
      const addressesOf = (fields: Partial<App>) =>
        mergeContributions(reported(app('lidar', { ...fields, ...boast }), ...more)).tree.get('app', 'lidar')
          ?.addresses;
      assert.deepEqual([addressesOf({}), addressesOf({ address })], [undefined, [address]]);
    }
  });

  it('belongs to this gateway if this gateway reports the entity, and otherwise to the contribution of the highest priority', () => {
    const reported = (origin: string | undefined, priority: number): Contribution => ({
      ...contribution(`of-${origin}`, priority, { areas: [area('hall')] }),
      ...(origin && { origin }),
    });
    const originOf = (...parts: readonly Contribution[]) => mergeContributions(parts).tree.get('area', 'hall')?.origin;
    assert.equal(originOf(reported(undefined, 1), reported('b', 9)), 'local');
    assert.equal(originOf(reported('a', 1), reported('b', 9)), 'b');
    assert.equal(originOf(reported('a', 1)), 'a');
  });

  it('drops an entity with an invalid id or a duplicate id, and reports it', () => {
    const { tree, report } = mergeContributions([
      contribution('r', 1, {
        apps: [app('no/slash'), app('twice', { name: 'first' }), app('twice', { name: 'second' })],
      }),
    ]);
    assert.deepEqual(
      tree.all('app').map(({ name }) => name),
      ['first'],
    );
    assert.deepEqual(
      report.dropped.map(({ id }) => id),
      ['no/slash', 'twice'],
    );
    assert.match(report.dropped[0]?.reason ?? '', /'\/'/);
  });

  it('keeps a reference that does not resolve and reports it', () => {
    const { tree, report } = mergeContributions([
      contribution('r', 1, {
        apps: [app('a', { componentId: 'gone' })],
        functions: [functionEntity('f', ['a', 'nobody'])],
      }),
    ]);
    assert.equal(tree.get('app', 'a')?.componentId, 'gone');
    assert.deepEqual(report.unresolved, [
      { from: { kind: 'app', id: 'a' }, field: 'componentId', to: 'gone' },
      { from: { kind: 'function', id: 'f' }, field: 'hosts', to: 'nobody' },
    ]);
  });

  it('allows one id for two kinds and reports it', () => {
    const { report } = mergeContributions([contribution('r', 1, { areas: [area('base')], apps: [app('base')] })]);
    assert.deepEqual(report.sharedIds, ['base']);
  });

  it('returns the same tree if nothing changed, and the old objects of unchanged entities', () => {
    const lists = { apps: [app('a'), app('b')] };
    const first = mergeContributions([contribution('r', 1, lists)]);
    const again = mergeContributions([contribution('r', 1, structuredClone(lists))], first);
    assert.equal(again.tree, first.tree);
    const grown = mergeContributions([contribution('r', 1, { apps: [app('a'), app('b', { online: false })] })], again);
    assert.equal(grown.tree.generation, first.tree.generation + 1);
    assert.equal(grown.tree.get('app', 'a'), first.tree.get('app', 'a'));
    const emptied = mergeContributions([], grown);
    assert.equal(emptied.tree.generation, grown.tree.generation + 1);
  });

  it('returns the same list for each unchanged kind, and for the ids that several kinds share', () => {
    const lists = { components: [component('a')], functions: [functionEntity('a', ['b'])] };
    const reported = (...apps: readonly string[]) => [
      contribution('r', 1, { ...lists, apps: apps.map((id) => app(id)) }),
    ];
    const first = mergeContributions(reported('b'));
    const grown = mergeContributions(reported('b', 'c'), first);
    assert.notEqual(grown.tree, first.tree);
    for (const kind of ['area', 'component', 'function'] as const) {
      assert.equal(grown.tree.all(kind), first.tree.all(kind), kind);
      assert.equal(grown.memory.merged[kind], first.memory.merged[kind], kind);
    }
    const renamed = [contribution('r', 1, { ...lists, apps: [app('b', { name: 'B' }), app('c')] })];
    assert.equal(mergeContributions(renamed, grown).report.sharedIds, grown.report.sharedIds);
  });
});

describe('merge of random contributions', () => {
  const cases = Array.from({ length: 200 }, (_, seed) => ({ seed, ...randomCase(seed) }));

  it('never depends on their order', () => {
    for (const { seed, contributions, shuffled } of cases) {
      assert.deepEqual(
        contentOf(mergeContributions(shuffled).tree),
        contentOf(mergeContributions(contributions).tree),
        `seed ${seed}`,
      );
    }
  });

  it('has the same conflicts in any order', () => {
    for (const { seed, contributions, shuffled } of cases) {
      assert.deepEqual(mergeContributions(shuffled).report, mergeContributions(contributions).report, `seed ${seed}`);
    }
  });

  it('reports exactly the references that do not resolve', () => {
    for (const { seed, contributions } of cases) {
      const { tree, report } = mergeContributions(contributions);
      const dangling = tree.all('app').flatMap((entity) => {
        const ids = entity.componentId && !tree.get('component', entity.componentId) ? [entity.componentId] : [];
        return [...ids, ...(entity.dependsOn ?? []).filter((id) => !tree.get('app', id))];
      });
      const reported = report.unresolved.filter(({ from }) => from.kind === 'app').map(({ to }) => to);
      assert.deepEqual(reported.sort(), dangling.sort(), `seed ${seed}`);
    }
  });

  it('has every id once per kind, each from a contribution', () => {
    for (const { seed, contributions } of cases) {
      const { tree } = mergeContributions(contributions);
      const ids = tree.all('app').map(({ id }) => id);
      assert.deepEqual(ids, [...new Set(ids)].sort(), `seed ${seed}`);
      for (const id of ids) assert.ok(contributions.some(({ apps }) => apps.some((reported) => reported.id === id)));
    }
  });

  it('raises the generation exactly when the content changes', () => {
    let last = mergeContributions([]);
    for (const { seed, contributions } of cases) {
      const next = mergeContributions(contributions, last);
      const changed = JSON.stringify(contentOf(next.tree)) !== JSON.stringify(contentOf(last.tree));
      assert.equal(next.tree.generation - last.tree.generation, changed ? 1 : 0, `seed ${seed}`);
      last = next;
    }
  });

  it('equals a merge from scratch, whatever was cached', () => {
    for (const { seed, contributions } of cases) {
      const random = seededRandom(seed);
      let current = contributions;
      let last = mergeContributions(current);
      for (let step = 0; step < 12; step += 1) {
        current = varied(current, random);
        const before = last.tree;
        last = mergeContributions(current, last);
        const fresh = mergeContributions(current);
        assert.deepEqual(contentOf(last.tree), contentOf(fresh.tree), `seed ${seed} step ${step}`);
        assert.deepEqual(last.report, fresh.report, `seed ${seed} step ${step}`);
        for (const entity of ENTITY_KINDS.flatMap((kind): readonly Entity[] => last.tree.all(kind))) {
          const old = before.get(entity.kind, entity.id);
          assert.ok(old === entity || !isDeepStrictEqual(old, entity), `seed ${seed} step ${step}: ${entity.id}`);
        }
      }
    }
  });
});

describe('a merge after another', () => {
  it('keeps every entity whose object is unchanged, and does not merge it again', () => {
    let reads = 0;
    const watched = (id: string) =>
      new Proxy(app(id, { tags: ['x'] }), {
        get: (target, field) => {
          if (field === 'tags') reads += 1;
          return Reflect.get(target, field);
        },
      });
    const apps = Array.from({ length: 20 }, (_, at) => watched(`a${at}`));
    const manifest = contribution('manifest', 9, { apps: apps.map(({ id }) => app(id)) });
    const first = mergeContributions([manifest, contribution('r', 1, { apps })]);
    assert.ok(reads >= apps.length);
    reads = 0;
    const more = mergeContributions([manifest, contribution('r', 1, { apps: [...apps, app('new')] })], first);
    assert.equal(reads, 0);
    assert.equal(more.tree.all('app').length, apps.length + 1);
    for (const { id } of apps) assert.equal(more.tree.get('app', id), first.tree.get('app', id));
  });

  it('merges an entity again if the weight of a contribution changed', () => {
    const reported = (policy: 'authoritative' | 'fallback') => [
      contribution('a', 2, { apps: [named] }),
      { ...contribution('b', 1, { apps: [other] }), policies: { identity: policy } },
    ];
    const [named, other] = [app('lidar', { name: 'Front' }), app('lidar', { name: 'Rear' })];
    const first = mergeContributions(reported('fallback'));
    assert.equal(first.tree.get('app', 'lidar')?.name, 'Front');
    assert.equal(mergeContributions(reported('authoritative'), first).tree.get('app', 'lidar')?.name, 'Rear');
    assert.equal(mergeContributions(reported('fallback'), first).tree, first.tree);
  });
});

/** Returns the contributions with one of them changed, given other policies, removed, or added. */
function varied(contributions: readonly Contribution[], random: Random): readonly Contribution[] {
  const at = Math.floor(random.float() * contributions.length);
  const which = Math.floor(random.float() * 10);
  return contributions.flatMap((reported, index): readonly Contribution[] => {
    if (index !== at) return [reported];
    const { apps } = reported;
    if (which === 0) return [];
    if (which === 1) return [{ ...reported, apps: apps.slice(1) }];
    if (which === 2) return [{ ...reported, apps: [...apps.slice(1), app('a', { online: false, componentId: 'b' })] }];
    if (which === 3) return [{ ...reported, policies: { status: 'authoritative' }, origin: 'x' }];
    if (which === 4)
      return [{ ...reported, additions: { apps: [app('a', { capabilities: [`x-${reported.runtime}`] })] } }];
    if (which === 5) return [{ ...reported, additions: undefined }];
    if (which === 6) return [{ ...reported, apps: [...apps, app('a', { name: 'second' }), app('no/slash')] }];
    if (which === 7) return [{ ...reported, apps: apps.toReversed(), functions: reported.functions.slice(1) }];
    if (which === 8)
      return [reported, contribution(`late-${random.float()}`, 3, { apps: [app('d', { name: 'late' })] })];
    return [{ ...reported, priority: reported.priority + 7 }];
  });
}

/** Returns up to four contributions with a few overlapping entities, and the same contributions in another order. */
function randomCase(seed: number): { contributions: readonly Contribution[]; shuffled: readonly Contribution[] } {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random.float() * values.length)] as T;
  const some = <T>(values: readonly T[]): readonly T[] => values.filter(() => random.float() < 0.5);
  const ids = ['a', 'b', 'c', 'd'];
  const contributions = Array.from({ length: Math.floor(random.float() * 5) }, (_, at) => ({
    ...contribution(`runtime-${at}`, pick([0, 0, 5, 10]), {
      components: some(ids).map((id) =>
        component(id, { description: pick(['', 'one', 'two']), tags: some(['x', 'y']) }),
      ),
      apps: some(ids).map((id) =>
        app(id, {
          name: pick(['', id, 'named']),
          online: random.float() < 0.5,
          ...(random.float() < 0.5 && { componentId: pick(['a', 'b', 'gone']) }),
          dependsOn: some(['a', 'nobody']),
        }),
      ),
      functions: some(ids).map((id) => functionEntity(id, some(ids))),
    }),
    policies: Object.fromEntries(some(FIELD_GROUPS).map((group) => [group, pick(MERGE_POLICIES)])),
  }));
  const shuffled = contributions
    .map((value) => ({ value, order: random.float() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
  return { contributions, shuffled };
}
