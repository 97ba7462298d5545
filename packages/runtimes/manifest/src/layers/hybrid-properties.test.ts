import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Contribution, ENTITY_KINDS } from '@medkit/core';
import { app, functionEntity } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { type Change, declared, hybrid, manifest, plugin, ros } from '../testing/robot-layers.ts';

describe('random robots', () => {
  const cases = Array.from({ length: 150 }, (_, seed) => ({ seed, ...randomRobot(seed) }));

  it('have the same tree in any order of contributions', () => {
    for (const { seed, contributions, change } of cases) {
      const [one, other] = [hybrid(contributions, change), hybrid(contributions.toReversed(), change)];
      for (const kind of ENTITY_KINDS) assert.deepEqual(other.tree.all(kind), one.tree.all(kind), `seed ${seed}`);
      assert.deepEqual(other.linking, one.linking, `seed ${seed}`);
    }
  });

  it('have the same tree with cached results of any other robot as without a cache', () => {
    let last: ReturnType<typeof hybrid> | undefined;
    for (const { seed, contributions, change } of cases) {
      const flipped = { inheritRuntimeResources: !change.config?.inheritRuntimeResources };
      const changes = [change, { ...change, config: { ...change.config, ...flipped } }];
      const robots = [contributions, withoutFirstNode(contributions), contributions];
      for (const robot of robots) {
        for (const changed of changes) {
          const fresh = hybrid(robot, { ...changed, ...(last && { bound: last.bound }) });
          last = hybrid(robot, changed, last);
          for (const kind of ENTITY_KINDS) assert.deepEqual(last.tree.all(kind), fresh.tree.all(kind), `seed ${seed}`);
          assert.deepEqual([last.report, last.linking], [fresh.report, fresh.linking], `seed ${seed}`);
        }
      }
    }
  });

  it('keep every unchanged app when a node disconnects', () => {
    for (const { seed, contributions, change } of cases) {
      const before = hybrid(contributions, change);
      const after = hybrid(withoutFirstNode(contributions), change, before);
      for (const entity of after.tree.all('app')) {
        const old = before.tree.get('app', entity.id);
        assert.ok(old === entity || !isDeepStrictEqual(old, entity), `seed ${seed}: ${entity.id}`);
      }
    }
  });

  it('have every id once per kind, every declared app, and no node twice', () => {
    for (const { seed, contributions, change } of cases) {
      const { tree, report } = hybrid(contributions, change);
      assert.deepEqual(report.dropped, [], `seed ${seed}`);
      for (const { id } of contributions[0]?.apps ?? []) assert.ok(tree.get('app', id), `seed ${seed}: ${id}`);
      const nodes = tree.all('app').flatMap(({ online, node: fqn }) => (online && fqn ? [fqn] : []));
      assert.deepEqual(nodes, [...new Set(nodes)], `seed ${seed}`);
    }
  });

  it('have no dangling reference, unless a declaration has it', () => {
    for (const { seed, contributions, change } of cases) {
      assert.deepEqual(hybrid(contributions, change).report.unresolved, [], `seed ${seed}`);
    }
  });

  it('count every node as linked, orphaned or internal', () => {
    for (const { seed, contributions, change } of cases) {
      const { linking } = hybrid(contributions, change);
      const linked = [...(linking?.nodes.values() ?? [])].filter(({ internal }) => !internal).length;
      const running = contributions[1]?.nodes?.filter(({ internal }) => !internal).length;
      assert.equal(linked + (linking?.orphans.length ?? 0), running, `seed ${seed}`);
    }
  });
});

/** The same objects of a robot without its first node. */
function withoutFirstNode(contributions: readonly Contribution[]): readonly Contribution[] {
  return contributions.map((contribution) => {
    const [gone, ...nodes] = contribution.nodes ?? [];
    return gone
      ? { ...contribution, nodes, apps: contribution.apps.filter(({ node: fqn }) => fqn !== gone.name) }
      : contribution;
  });
}

function randomRobot(seed: number): { readonly contributions: readonly Contribution[]; readonly change: Change } {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random.float() * values.length)] as T;
  const some = <T>(values: readonly T[]): readonly T[] => values.filter(() => random.float() < 0.5);
  const fqns = some(['/a/cam', '/lidar', '/nav/planner', '/nav/_hidden', '/base', '/x/y/arm']);
  const visibleIds = ros(fqns).apps.map(({ id }) => id);
  const apps = some(['cam', 'lidar', 'one', 'two', 'arm']).map((id) =>
    declared(id, pick(['cam', 'lidar', 'planner', '_hidden', 'gone', undefined]), {
      ...(random.float() < 0.2 && { external: true }),
    }),
  );
  const vendorApps = some([...visibleIds, 'own']).map((id) => app(id, { source: 'plugin', tags: ['v'] }));
  const change: Change = {
    config: {
      unmanifestedNodes: pick(['ignore', 'warn', 'error', 'include_as_orphan'] as const),
      inheritRuntimeResources: random.float() < 0.5,
      allowManifestOverride: random.float() < 0.5,
    },
    settings: {
      gapFill: {
        apps: random.float() < 0.8,
        functions: random.float() < 0.5,
        whitelist: some(['/nav', '/a']).slice(0, 1),
        blacklist: some(['/x']),
      },
    },
  };
  const contributions = [
    manifest({
      apps,
      functions: [
        functionEntity(
          'all',
          apps.map(({ id }) => id),
          { source: 'manifest' },
        ),
      ],
    }),
    ros(fqns),
    plugin({ apps: vendorApps, functions: [functionEntity('seen', visibleIds, { source: 'plugin' })] }),
  ];
  return { contributions, change };
}
