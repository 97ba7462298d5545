import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, type MemoryRuntime, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { type GatewayConfig, loadConfig } from '../config/index.ts';
import { storedNodes } from '../entities/bound-nodes.ts';
import { StartRefused } from '../listen.ts';
import { testServer } from '../testing/test-server.ts';
import { openDiscovery } from './open-discovery.ts';

const MANIFEST = `manifest_version: "1.0"
config: {unmanifested_nodes: error}
areas: [{id: hall}]
components:
  - id: lidar
    area: hall
    external: true
    identity: {manufacturer: SICK, serial_number: "21"}
apps:
  - {id: front_lidar, name: Front LiDAR, is_located_on: lidar, ros_binding: {node_name: lidar_driver}}
  - {id: planner, ros_binding: {node_name: planner_server, namespace: /nav}}
  - {id: plc, external: true}
functions: [{id: sensing, hosted_by: [front_lidar]}]
`;

async function configOf(flags: Readonly<Record<string, string>>): Promise<GatewayConfig> {
  const set = Object.entries(flags).map(([key, value]) => `${key}=${value}`);
  const folders = { home: '/home/robot', working: '/', environment: {} };
  return (await loadConfig({ files: new MemoryFiles(), folders, flags: { set } })).config;
}

function node(fqn: string) {
  const id = fqn.slice(fqn.lastIndexOf('/') + 1);
  return app(id, { node: fqn, aliases: [fqn], address: { runtime: 'ros2', nativeId: fqn } });
}

interface Robot {
  readonly nodes?: readonly string[];
  readonly manifest?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** The nodes of the apps before the restart. */
  readonly bound?: Readonly<Record<string, string>>;
}

const HYBRID = { 'discovery.mode': 'hybrid', 'discovery.manifest_path': '/robot.yaml' };

async function setUp({ nodes = [], manifest = MANIFEST, settings = HYBRID, bound }: Robot = {}) {
  const clock = new SimulatedClock();
  const files = new MemoryFiles({ '/robot.yaml': manifest });
  const lines: string[] = [];
  const log = (level: string, text: string) => void lines.push(`${level} ${text}`);
  const config = await configOf(settings);
  const runtime: MemoryRuntime = memoryRuntime({
    name: 'ros2',
    priority: 10,
    graph: true,
    apps: nodes.map(node),
    data: { '/s/lidar_driver': { '/scan': { value: { ranges: [] } } } },
    records: { isEntity: () => true },
    providers: { faults: memoryFaults() },
  });
  const discovery = await openDiscovery({ config, files, clock, log, boundNodes: storedNodes(bound, () => undefined) });
  const model = await openModel({ runtimes: [runtime, ...discovery.runtimes], clock, log, arrange: discovery.arrange });
  const server = await testServer({ config, model, clock, discovery, log });
  const get = async (path: string) =>
    (await server.inject({ url: `/api/v1${path}`, headers: { host: 'localhost' } })).json();
  return {
    get,
    files,
    lines,
    wait: (ms: number) => clock.advance(ms),
    see: (...fqns: readonly string[]) => {
      runtime.tell({ apps: fqns.map(node) });
      clock.advance(10);
    },
    /** Lets time pass until the manifest is read again. */
    look: async () => {
      for (let round = 0; round < 2; round++) {
        clock.advance(1000);
        for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      }
      clock.advance(10);
    },
    close: async () => {
      await server.close();
      await model.close();
      return clock.timers;
    },
  };
}

const idsIn = ({ items }: { readonly items: readonly { readonly id: string }[] }) => items.map(({ id }) => id);

describe('hybrid discovery over REST', () => {
  it('serves the tree of the manifest, completed by the running nodes', async () => {
    const { get } = await setUp({ nodes: ['/s/lidar_driver', '/base'] });
    assert.deepEqual(idsIn(await get('/areas')), ['hall']);
    assert.deepEqual(idsIn(await get('/apps')), ['base', 'front_lidar', 'planner', 'plc']);
    assert.deepEqual(idsIn(await get('/areas/hall/contains')), ['lidar']);
    assert.deepEqual(idsIn(await get('/functions/sensing/hosts')), ['front_lidar']);
    const lidar = await get('/apps/front_lidar');
    assert.equal(lidar.name, 'Front LiDAR');
    assert.deepEqual(lidar['x-medkit'], {
      source: 'manifest',
      is_online: true,
      component_id: 'lidar',
      ros2: { node: '/s/lidar_driver' },
    });
    assert.deepEqual(idsIn(await get('/components/lidar/data')), ['/scan']);
    assert.equal((await get('/apps/lidar_driver')).id, 'front_lidar');
  });

  it('waits ten seconds after a restart for the node of an app before another node of that name becomes the app', async () => {
    const bound = { front_lidar: 'ros2 /z/lidar_driver' };
    const { get, wait, see } = await setUp({ bound, nodes: ['/s/lidar_driver'] });
    const nodeOf = async () => (await get('/apps/front_lidar'))['x-medkit'].ros2?.node;
    assert.notEqual(await nodeOf(), '/s/lidar_driver');
    see('/s/lidar_driver', '/z/lidar_driver');
    assert.equal(await nodeOf(), '/z/lidar_driver');
    const gone = await setUp({ bound, nodes: ['/s/lidar_driver'] });
    gone.wait(10_000);
    gone.wait(10);
    assert.equal((await gone.get('/apps/front_lidar'))['x-medkit'].ros2?.node, '/s/lidar_driver');
    wait(10_000);
    wait(10);
    assert.equal(await nodeOf(), '/z/lidar_driver');
  });

  it('finds an app after a restart by the id that its node had in the manifest before', async () => {
    const bound = { old_lidar: 'ros2 /s/lidar_driver', old_base: 'ros2 /base', planner: 'ros2 /s/lidar_driver' };
    const { get } = await setUp({ bound, nodes: ['/s/lidar_driver', '/base'] });
    const idOf = async (id: string) => (await get(`/apps/${id}`)).id;
    assert.deepEqual(await Promise.all(['old_lidar', 'old_base', 'planner'].map(idOf)), [
      'front_lidar',
      'base',
      'planner',
    ]);
  });

  it('serves the same state in lists and details while nodes appear and disappear [edge]', async () => {
    const { get, see } = await setUp();
    for (const nodes of [
      ['/nav/planner_server'],
      [],
      ['/s/lidar_driver', '/nav/planner_server'],
      ['/s/lidar_driver'],
    ]) {
      see(...nodes);
      for (const item of (await get('/apps')).items) {
        const detail = await get(`/apps/${item.id}`);
        assert.equal(detail['x-medkit'].is_online, item['x-medkit'].is_online, `${nodes} ${item.id}`);
      }
    }
  });

  it('shows the nameplate of a component and which components are external', async () => {
    const { get } = await setUp();
    const identity = {
      manufacturer: 'SICK',
      serialNumber: '21',
      _provenance: { manufacturer: 'manifest', serial_number: 'manifest' },
    };
    const [item] = (await get('/components')).items;
    assert.deepEqual([item['x-medkit'].identity, item['x-medkit'].external], [identity, true]);
    assert.deepEqual((await get('/components/lidar'))['x-medkit'].identity, identity);
    assert.equal((await get('/apps/plc'))['x-medkit'].external, true);
    assert.equal('external' in (await get('/apps/planner'))['x-medkit'], false);
  });

  it('reports in health what was merged and linked, and which nodes no manifest declares, also later ones [edge]', async () => {
    const { get, see } = await setUp({ nodes: ['/s/lidar_driver'] });
    const { discovery, warnings } = await get('/health');
    assert.deepEqual(discovery, {
      mode: 'hybrid',
      strategy: 'hybrid',
      pipeline: {
        layers: ['manifest', 'runtime'],
        total_entities: 6,
        enriched_count: 2,
        conflict_count: 0,
        conflicts: [],
        id_collisions: 0,
        filtered_by_gap_fill: 0,
      },
      linking: { linked_count: 1, orphan_count: 0, binding_conflicts: 0, unmanifested_policy: 'error' },
    });
    assert.deepEqual(warnings, []);
    see('/s/lidar_driver', '/late', '/later');
    const after = await get('/health');
    assert.equal(after.status, 'healthy');
    assert.equal(after.discovery.linking.orphan_count, 2);
    const [warning] = after.warnings;
    assert.deepEqual(
      [warning.code, warning.ros_node_fqns, warning.entity_ids, warning.peer_names],
      ['unmanifested_nodes', ['/late', '/later'], [], []],
    );
  });

  it('ignores a policy that is not in lower case, with a warning', async () => {
    const settings = { ...HYBRID, 'discovery.merge_pipeline.layers.runtime.metadata': 'authoritative' };
    const { get, lines } = await setUp({
      settings: { ...settings, 'discovery.merge_pipeline.layers.runtime.status': 'Authoritative' },
    });
    assert.equal((await get('/health')).discovery.pipeline.conflict_count, 0);
    assert.ok(
      lines.some((line) => /warn discovery\.merge_pipeline\.layers\.runtime\.status: "Authoritative"/.test(line)),
    );
  });

  it('withholds data and operations that the manifest does not inherit', async () => {
    const manifest = MANIFEST.replace('unmanifested_nodes: error', 'inherit_runtime_resources: false');
    const { get, look } = await setUp({ nodes: ['/s/lidar_driver'], manifest });
    // During discovery of the graph, the gateway waits for data.
    for (let seconds = 0; seconds < 6; seconds += 2) await look();
    assert.deepEqual(idsIn(await get('/apps/front_lidar/data')), []);
    assert.equal((await get('/apps/front_lidar'))['x-medkit'].is_online, true);
  });

  it('uses a new version of the manifest without a restart, and leaves nothing behind when it closes', async () => {
    const { get, files, look, close } = await setUp({ nodes: ['/s/lidar_driver'] });
    files.put('/robot.yaml', MANIFEST.replace('front_lidar, name: Front LiDAR', 'front_lidar, name: Scanner'));
    await look();
    assert.equal((await get('/apps/front_lidar')).name, 'Scanner');
    files.put('/robot.yaml', 'apps: [');
    await look();
    const { warnings, 'x-medkit-manifest': status } = await get('/health');
    assert.equal(warnings[0].code, 'manifest_refused');
    assert.deepEqual([status.active, status.reloads, status.validation.is_valid], [true, 1, false]);
    assert.equal((await get('/apps/front_lidar')).name, 'Scanner');
    assert.equal(await close(), 0);
  });
});

describe('start of discovery (spec 1.2)', () => {
  const refusal = async (settings: Readonly<Record<string, string>>, manifest?: string) => {
    try {
      await setUp({ settings, manifest });
    } catch (error) {
      if (error instanceof StartRefused) return error.message;
      throw error;
    }
    return undefined;
  };

  it('fails in mode manifest_only without a path, or with an invalid manifest', async () => {
    assert.match((await refusal({ 'discovery.mode': 'manifest_only' })) ?? '', /discovery\.manifest_path must name/);
    const settings = { ...HYBRID, 'discovery.mode': 'manifest_only' };
    const manifest = 'manifest_version: "1.0"\napps: [{id: a, is_located_on: gone}]';
    assert.match((await refusal(settings, manifest)) ?? '', /refused\n\[R007\] ERROR: .*\(at \/robot\.yaml:2\)/);
  });

  it('serves the manifest and nothing of the graph in mode manifest_only, and no app is online', async () => {
    const { get } = await setUp({
      settings: { ...HYBRID, 'discovery.mode': 'manifest_only' },
      nodes: ['/s/lidar_driver', '/base'],
    });
    const { items } = await get('/apps');
    assert.deepEqual(idsIn({ items }), ['front_lidar', 'planner', 'plc']);
    assert.ok(items.every((item: { 'x-medkit': { is_online: boolean } }) => !item['x-medkit'].is_online));
    assert.deepEqual((await get('/health')).discovery, { mode: 'manifest_only', strategy: 'manifest_only' });
  });

  it('serves the graph alone in mode hybrid without a path, with a warning', async () => {
    const { get } = await setUp({ settings: { 'discovery.mode': 'hybrid' }, nodes: ['/base'] });
    const { discovery, warnings } = await get('/health');
    assert.deepEqual(discovery, { mode: 'runtime_only', strategy: 'runtime' });
    assert.equal(warnings[0].code, 'manifest_missing');
    assert.deepEqual(idsIn(await get('/apps')), ['base']);
  });

  it('serves the graph alone in mode hybrid with an invalid manifest, reports why, and uses the manifest once it is fixed', async () => {
    const { get, files, look } = await setUp({ manifest: 'apps: [', nodes: ['/s/lidar_driver'] });
    const before = await get('/health');
    assert.equal(before.discovery.mode, 'runtime_only');
    assert.match(before.warnings[0].message, /was rejected\. The graph is shown without it\..*robot\.yaml:/);
    files.put('/robot.yaml', MANIFEST);
    await look();
    assert.equal((await get('/health')).discovery.mode, 'hybrid');
    assert.equal((await get('/apps/front_lidar'))['x-medkit'].is_online, true);
  });

  it('warns in mode hybrid with both layers off that only plugins report entities', async () => {
    const off = { 'discovery.manifest.enabled': 'false', 'discovery.runtime.enabled': 'false' };
    const { get, lines } = await setUp({ settings: { ...HYBRID, ...off }, nodes: ['/base'] });
    assert.deepEqual(idsIn(await get('/apps')), []);
    assert.ok(lines.some((line) => line.includes('only entities of plugins')));
    assert.equal('linking' in (await get('/health')).discovery, false);
  });

  it('serves the graph in mode hybrid with the manifest layer off', async () => {
    const { get } = await setUp({ settings: { ...HYBRID, 'discovery.manifest.enabled': 'false' }, nodes: ['/base'] });
    assert.deepEqual(idsIn(await get('/apps')), ['base']);
  });

  it('uses mode runtime_only for an unknown mode, with a warning', async () => {
    const { get, lines } = await setUp({ settings: { 'discovery.mode': 'Hybrid' }, nodes: ['/base'] });
    assert.deepEqual((await get('/health')).discovery, { mode: 'runtime_only', strategy: 'runtime' });
    assert.ok(lines.some((line) => /warn discovery\.mode: "Hybrid"/.test(line)));
  });
});

it('the gateway describes topics of frames by the manifest, and by nothing without a manifest', async () => {
  const files = new MemoryFiles({ '/robot.yaml': `${MANIFEST}topics: {/range: {role: measured, unit: m}}\n` });
  const sources = { files, clock: new SimulatedClock(), log: () => undefined };
  for (const mode of ['hybrid', 'manifest_only']) {
    const config = await configOf({ ...HYBRID, 'discovery.mode': mode });
    const { meaningOf } = await openDiscovery({ ...sources, config });
    assert.deepEqual([meaningOf('/range'), meaningOf('/other')], [{ role: 'measured', unit: 'm' }, undefined], mode);
  }
  const alone = await openDiscovery({ ...sources, config: await configOf({}) });
  assert.equal(alone.meaningOf('/range'), undefined);
});

it('the gateway knows a threshold that blocks motion from the manifest in every mode that reads it', async () => {
  const topics = 'topics: {/limit: {role: threshold, of: /range, blocks_motion: true}}';
  const files = new MemoryFiles({ '/robot.yaml': `${MANIFEST}${topics}\n` });
  const sources = { files, clock: new SimulatedClock(), log: () => undefined };
  const marks = async (settings: Readonly<Record<string, string>>) =>
    (await openDiscovery({ ...sources, config: await configOf(settings) })).hasBlockingChannel();
  assert.deepEqual(await Promise.all([{}, HYBRID, { ...HYBRID, 'discovery.mode': 'manifest_only' }].map(marks)), [
    false,
    true,
    true,
  ]);
});
