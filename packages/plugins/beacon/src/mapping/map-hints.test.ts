import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeContributions } from '@medkit/core/merge';
import { app, component, entityLists, functionEntity } from '@medkit/core/testing';
import { type BeaconHint, emptyHint } from '../hint/beacon-hint.ts';
import type { LiveHint } from '../store/hint-store.ts';
import { hintMetadata } from './hint-metadata.ts';
import { mapHints } from './map-hints.ts';

const CAPABILITIES = ['x-medkit-beacon', 'x-medkit-param-beacon'];

function live(entityId: string, fields: Partial<BeaconHint> = {}, status: LiveHint['status'] = 'active'): LiveHint {
  return { hint: { ...emptyHint(entityId, 0), ...fields }, status, ageMs: 1000 };
}

const TREE = entityLists({
  apps: [app('lidar'), app('both')],
  components: [component('base'), component('both')],
  functions: [functionEntity('navigation', ['planner'])],
});

function mapped(hints: readonly LiveHint[], allowNewEntities = false) {
  return mapHints({ hints, tree: TREE, allowNewEntities, runtime: 'beacon', capabilities: CAPABILITIES });
}

describe('3.1 mapper of hints', () => {
  it('3.1 [edge]: a known app gets name, component and dependencies', () => {
    const { contribution, skipped } = mapped([
      live('lidar', { displayName: 'Front LiDAR', componentId: 'base', dependsOn: ['driver', 'lidar'] }),
    ]);
    assert.deepEqual(contribution.additions?.apps, [
      {
        kind: 'app',
        id: 'lidar',
        name: 'Front LiDAR',
        source: '',
        online: false,
        componentId: 'base',
        dependsOn: ['driver'],
        capabilities: CAPABILITIES,
        metadata: { 'x-medkit-beacon-status': 'active', 'x-medkit-beacon-depends-on': ['driver', 'lidar'] },
      },
    ]);
    assert.deepEqual([contribution.entities, skipped], [{ apps: [] }, []]);
  });

  it('3.1 [edge]: a hint applies to an app rather than to a component of the same id, which gets no host component', () => {
    const { additions } = mapped([live('both'), live('base', { displayName: 'Base', componentId: 'x' })]).contribution;
    assert.deepEqual(
      additions?.apps?.map(({ id }) => id),
      ['both'],
    );
    assert.deepEqual(
      additions?.components?.map((added) => [added.id, added.name, 'componentId' in added]),
      [['base', 'Base', false]],
    );
  });

  it('3.1 [edge]: an unknown entity is skipped, or becomes an app of source beacon where that is allowed', () => {
    const hints = [live('camera', { displayName: 'Camera' }), live('gripper', {}, 'stale')];
    const without = mapped(hints);
    assert.deepEqual([without.contribution.entities?.apps, without.skipped], [[], ['camera', 'gripper']]);
    const made = mapped(hints, true);
    assert.deepEqual(
      made.contribution.entities?.apps?.map(({ id, name, source, online }) => [id, name, source, online]),
      [
        ['camera', 'Camera', 'beacon', true],
        ['gripper', 'gripper', 'beacon', false],
      ],
    );
    assert.deepEqual(made.skipped, []);
  });

  it('3.1: an app created from a hint is contributed again by the beacon that created it, and by no other', () => {
    const hints = [live('camera')];
    const first = mapped(hints, true).contribution;
    const treeOf = (runtime: string) => ({
      ...TREE,
      apps: [...TREE.apps, app('camera', { source: 'beacon', address: { runtime, nativeId: 'camera' } })],
    });
    const again = (maker: string, allowNewEntities: boolean) =>
      mapHints({ hints, tree: treeOf(maker), allowNewEntities, runtime: 'beacon', capabilities: CAPABILITIES })
        .contribution;
    assert.deepEqual(again('beacon', true), first);
    for (const allowed of [true, false]) {
      const { entities, additions } = again('other_beacon', allowed);
      assert.deepEqual([entities?.apps, additions?.apps?.map(({ id }) => id)], [[], ['camera']]);
    }
  });

  it('3.1 [edge]: a known function gets the entity as a host, once and in one addition; an unknown one is only noted', () => {
    const { additions, entities } = mapped([
      live('lidar', { functionIds: ['navigation', 'mystery'] }),
      live('base', { functionIds: ['navigation'] }),
      live('nobody', { functionIds: ['navigation'] }),
    ]).contribution;
    assert.deepEqual(additions?.functions, [
      { kind: 'function', id: 'navigation', name: '', source: '', hosts: ['lidar', 'base'] },
    ]);
    assert.equal(entities?.functions, undefined);
    assert.deepEqual(additions?.apps?.[0]?.metadata?.['x-medkit-beacon-functions'], ['navigation', 'mystery']);
  });

  it('3.1: its additions remove nothing that other sources contributed', () => {
    const reported = app('lidar', { name: 'LiDAR', dependsOn: ['base_driver'], tags: ['safety'] });
    const runtime = { runtime: 'ros2', priority: 10, ...entityLists({ apps: [reported], functions: TREE.functions }) };
    const { contribution } = mapped([live('lidar', { dependsOn: ['camera'], functionIds: ['navigation'] })]);
    const plugin = { runtime: 'beacon', priority: 5, ...entityLists({}), additions: contribution.additions ?? {} };
    const { tree } = mergeContributions([runtime, plugin]);
    const lidar = tree.get('app', 'lidar');
    assert.deepEqual(
      [lidar?.name, lidar?.online, lidar?.dependsOn, lidar?.tags, lidar?.capabilities],
      ['LiDAR', true, ['base_driver', 'camera'], ['safety'], CAPABILITIES],
    );
    assert.deepEqual(tree.get('function', 'navigation')?.hosts, ['planner', 'lidar']);
  });
});

describe('3.1 metadata of an entity with a hint', () => {
  it('3.1 [edge]: has every given field under its name, and no other field', () => {
    assert.deepEqual(hintMetadata(live('lidar')), { 'x-medkit-beacon-status': 'active' });
    const said = {
      transportType: 'shared_memory',
      negotiatedFormat: 'nitros',
      processId: 7,
      processName: 'lidar_node',
      hostname: 'amr',
      stableId: 'front',
      dependsOn: ['a'],
      functionIds: ['b'],
      metadata: { firmware: '2.4' },
    };
    assert.deepEqual(hintMetadata(live('lidar', said, 'stale')), {
      'x-medkit-beacon-status': 'stale',
      'x-medkit-beacon-transport-type': 'shared_memory',
      'x-medkit-beacon-negotiated-format': 'nitros',
      'x-medkit-beacon-process-id': 7,
      'x-medkit-beacon-process-name': 'lidar_node',
      'x-medkit-beacon-hostname': 'amr',
      'x-medkit-beacon-stable-id': 'front',
      'x-medkit-beacon-depends-on': ['a'],
      'x-medkit-beacon-functions': ['b'],
      'x-medkit-beacon-firmware': '2.4',
    });
  });

  it('3.1 [edge]: free metadata never replaces a field of the hint', () => {
    const metadata = { status: 'broken', 'process-id': 'x', 'stable-id': 'free' };
    assert.deepEqual(hintMetadata(live('lidar', { metadata, processId: 7 })), {
      'x-medkit-beacon-status': 'active',
      'x-medkit-beacon-process-id': 7,
      'x-medkit-beacon-stable-id': 'free',
    });
  });
});
