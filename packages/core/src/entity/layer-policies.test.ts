import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeContributions, provenance } from '../merge/merge-contributions.ts';
import { app, component, entityLists } from '../testing/entities.ts';
import type { Contribution } from './contribution.ts';
import type { App, Component, EntityLists } from './entity.ts';
import type { LayerPolicies, MergePolicy } from './layer-policies.ts';

function layer(runtime: string, priority: number, policies: LayerPolicies, lists: Partial<EntityLists>): Contribution {
  return { runtime, priority, policies, ...entityLists(lists) };
}

/** Contributions with the priorities of hybrid discovery: manifest, then graph, then plugin. */
function layers(said: {
  readonly manifest?: readonly [LayerPolicies, Partial<App>];
  readonly graph?: readonly [LayerPolicies, Partial<App>];
  readonly plugin?: readonly [LayerPolicies, Partial<App>];
}): readonly Contribution[] {
  return Object.entries(said).map(([name, [policies, fields]], at) =>
    layer(name, 20 - 10 * at, policies, { apps: [app('lidar', { name: '', source: name, ...fields })] }),
  );
}

const lidarOf = (contributions: readonly Contribution[]): App =>
  mergeContributions(contributions).tree.get('app', 'lidar')!;

const all = (policy: MergePolicy): LayerPolicies => ({
  identity: policy,
  hierarchy: policy,
  live_data: policy,
  status: policy,
  metadata: policy,
});

describe('policies of layers', () => {
  it('let the stronger value win group by group, whatever the priority', () => {
    const lidar = lidarOf(
      layers({
        manifest: [
          { identity: 'authoritative', status: 'fallback' },
          { name: 'Front LiDAR', online: false },
        ],
        graph: [
          { identity: 'fallback', status: 'authoritative' },
          { name: 'lidar', online: true, node: '/lidar' },
        ],
      }),
    );
    assert.deepEqual([lidar.name, lidar.online, lidar.node], ['Front LiDAR', true, '/lidar']);
  });

  it('retain what the stronger layer leaves open, also a list that it leaves empty', () => {
    const lidar = lidarOf(
      layers({
        manifest: [all('authoritative'), { description: '', dependsOn: [], tags: [] }],
        graph: [all('fallback'), { description: 'Found', dependsOn: ['base'], tags: ['seen'] }],
      }),
    );
    assert.deepEqual([lidar.description, lidar.dependsOn, lidar.tags], ['Found', ['base'], ['seen']]);
  });

  it('replace a list with that of the stronger layer, and merge those of equals in order', () => {
    const tags = (manifest: MergePolicy, plugin: MergePolicy) =>
      lidarOf(
        layers({
          manifest: [{ identity: manifest }, { tags: ['safety', 'front'] }],
          plugin: [{ identity: plugin }, { tags: ['front', 'beacon'] }],
        }),
      ).tags;
    assert.deepEqual(tags('authoritative', 'enrichment'), ['safety', 'front']);
    assert.deepEqual(tags('fallback', 'enrichment'), ['front', 'beacon']);
    assert.deepEqual(tags('enrichment', 'enrichment'), ['safety', 'front', 'beacon']);
  });

  it('take a boolean of the stronger layer, and true if any of equals has it', () => {
    const online = (graph: MergePolicy, plugin: MergePolicy) =>
      lidarOf(layers({ graph: [{ status: graph }, { online: false }], plugin: [{ status: plugin }, { online: true }] }))
        .online;
    assert.equal(online('authoritative', 'enrichment'), false);
    assert.equal(online('fallback', 'enrichment'), true);
    assert.equal(online('enrichment', 'enrichment'), true);
  });

  it('are tracked group by group: a plugin does not override the status of the graph because the manifest came first', () => {
    const lidar = lidarOf(
      layers({
        manifest: [
          { identity: 'authoritative', status: 'fallback' },
          { name: 'LiDAR', online: false },
        ],
        graph: [{ identity: 'fallback', status: 'authoritative' }, { online: true }],
        plugin: [{}, { name: 'Beacon', online: false }],
      }),
    );
    assert.deepEqual([lidar.name, lidar.online], ['LiDAR', true]);
  });

  it('never change the source of an entity: it is that of the first layer under every policy', () => {
    for (const policy of ['authoritative', 'enrichment', 'fallback'] as const) {
      const said = layers({ manifest: [all(policy), {}], graph: [all('authoritative'), {}], plugin: [{}, {}] });
      assert.equal(lidarOf(said).source, 'manifest', policy);
      assert.equal(provenance(said, { kind: 'app', id: 'lidar' }).source, 'manifest', policy);
    }
  });

  it('let an explicit `external` of the stronger layer correct another, and an unset one override nothing', () => {
    const external = (manifest: boolean | undefined) =>
      lidarOf(
        layers({
          manifest: [{ metadata: 'authoritative' }, manifest === undefined ? {} : { external: manifest }],
          plugin: [{}, { external: true }],
        }),
      ).external;
    assert.equal(external(false), false);
    assert.equal(external(undefined), true);
  });
});

describe('conflicts', () => {
  const conflictsOf = (contributions: readonly Contribution[]) => mergeContributions(contributions).report.conflicts;

  it('are two authoritative layers with different values for one group; the first wins', () => {
    const said = layers({
      manifest: [{ identity: 'authoritative' }, { name: 'Front LiDAR', description: 'a' }],
      graph: [{ identity: 'authoritative' }, { name: 'lidar', description: 'b' }],
    });
    assert.equal(lidarOf(said).name, 'Front LiDAR');
    assert.deepEqual(conflictsOf(said), [
      { entity: { kind: 'app', id: 'lidar' }, group: 'identity', winner: 'manifest', loser: 'graph' },
    ]);
  });

  it('do not occur if values agree, if one is unset, or if one layer is not authoritative', () => {
    const said = (graph: Partial<App>, policy: MergePolicy) =>
      layers({
        manifest: [{ identity: 'authoritative' }, { name: 'LiDAR', tags: ['front'] }],
        graph: [{ identity: policy }, graph],
      });
    assert.deepEqual(conflictsOf(said({ name: 'LiDAR', tags: ['front'] }, 'authoritative')), []);
    assert.deepEqual(conflictsOf(said({ tags: [] }, 'authoritative')), []);
    assert.deepEqual(conflictsOf(said({ name: 'lidar' }, 'enrichment')), []);
  });
});

describe('nameplates', () => {
  const merged = (...said: readonly Partial<Component>[]) =>
    mergeContributions(
      said.map((fields, at) => layer(`layer-${at}`, -at, {}, { components: [component('plc', fields)] })),
    ).tree.get('component', 'plc')?.identity;

  it('take each field from the best authority, and name that authority', () => {
    assert.deepEqual(
      merged(
        { source: 'manifest', identity: { manufacturer: 'Siemens', serialNumber: 'from-manifest' } },
        { source: 'opcua', identity: { serialNumber: 'from-device' } },
        { source: 'inventory', identity: { serialNumber: 'from-list', orderCode: '6ES7', extra: { slot: '4' } } },
      ),
      {
        manufacturer: 'Siemens',
        serialNumber: 'from-device',
        orderCode: '6ES7',
        extra: { slot: '4' },
        provenance: {
          manufacturer: 'manifest',
          serial_number: 'opcua',
          order_code: 'inventory',
          'extra.slot': 'inventory',
        },
      },
    );
  });

  it('keep the first of equal sources, and let an unknown source fill gaps but never override', () => {
    const model = (...sources: readonly string[]) =>
      merged(...sources.map((source) => ({ source, identity: { model: source } })))?.model;
    assert.equal(model('manifest', 'manifest'), 'manifest');
    assert.equal(model('who-knows', 'heuristic'), 'heuristic');
    assert.equal(model('who-knows'), 'who-knows');
  });

  it('rank the origin of a field above the source of the entity that forwards it', () => {
    const relayed = { source: 'peer:b', identity: { model: 'S7-1500', provenance: { model: 's7' } } };
    const identity = merged({ source: 'manifest', identity: { model: 'guess' } }, relayed);
    assert.deepEqual(identity, { model: 'S7-1500', provenance: { model: 's7' } });
  });

  it('are absent if no layer has one, and if none has a field', () => {
    assert.equal(merged({}, {}), undefined);
    assert.equal(merged({ identity: { model: '' } }, { identity: { provenance: { model: 's7' } } }), undefined);
  });
});
