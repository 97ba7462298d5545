import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadText, rulesOf, textOf } from '../testing/load-text.ts';

const entitiesOf = async (text: string) => {
  const loaded = await loadText(text);
  assert.ok(loaded.manifest, textOf(loaded));
  return loaded.manifest.entities;
};

describe('areas of a manifest', () => {
  it('are named by their ids and have a namespace of that name unless they say otherwise', async () => {
    const { areas } = await entitiesOf(
      'areas: [{id: hall}, {id: dock, name: Dock, namespace: /d, translation_id: area.dock, description: East, tags: [a]}]',
    );
    assert.deepEqual(areas, [
      { kind: 'area', id: 'hall', name: 'hall', source: 'manifest', namespace: '/hall' },
      {
        kind: 'area',
        id: 'dock',
        name: 'Dock',
        source: 'manifest',
        namespace: '/d',
        translationId: 'area.dock',
        description: 'East',
        tags: ['a'],
      },
    ]);
  });

  it('within each other belong to the enclosing one, which counts before an explicit parent', async () => {
    const { areas } = await entitiesOf(`
areas:
  - id: site
    subareas:
      - id: hall
        parent_area: other
        subareas: [{id: dock}]
  - {id: other, parent_area: site}
  - {id: third, parent_area_id: site, category: zone}`);
    assert.deepEqual(
      areas.map(({ id, parentAreaId }) => [id, parentAreaId]),
      [
        ['site', undefined],
        ['hall', 'site'],
        ['dock', 'hall'],
        ['other', 'site'],
        ['third', 'site'],
      ],
    );
  });
});

describe('topics of a manifest', () => {
  const channelsOf = async (text: string) => {
    const loaded = await loadText(text);
    assert.ok(loaded.manifest, textOf(loaded));
    return loaded.manifest.channels;
  };

  it('have the same fields as topics in the file of snapshots', async () => {
    const channels = await channelsOf(`
topics:
  /collision_monitor/min_range_m: {role: measured, unit: m, label: nearest obstacle}
  collision_monitor/stop_threshold_m:
    {role: threshold, of: collision_monitor/min_range_m, unit: m, blocks_motion: true}`);
    assert.deepEqual(
      [...channels],
      [
        ['/collision_monitor/min_range_m', { role: 'measured', unit: 'm', label: 'nearest obstacle' }],
        [
          '/collision_monitor/stop_threshold_m',
          { role: 'threshold', of: '/collision_monitor/min_range_m', unit: 'm', blocksMotion: true },
        ],
      ],
    );
    assert.deepEqual([...(await channelsOf('areas: [{id: hall}]'))], []);
  });

  it('with another role, an unknown key or a wrong shape are found', async () => {
    assert.deepEqual(rulesOf(await loadText('topics: {/a: {role: limit}}')), ['M007 /etc/robot.yaml:2']);
    assert.deepEqual(rulesOf(await loadText('topics: {/a: {unti: m}}')), ['M001 /etc/robot.yaml:2']);
    assert.deepEqual(rulesOf(await loadText('topics: {/a: m}')), ['M007 /etc/robot.yaml:2']);
    assert.deepEqual(rulesOf(await loadText('topics: [/a]')), ['M007 /etc/robot.yaml:2']);
  });
});

describe('components of a manifest', () => {
  it('have all of their fields, each part of the nameplate with the manifest as its source', async () => {
    const { components } = await entitiesOf(`
areas: [{id: hall}]
components:
  - id: plc
    name: Line PLC
    namespace: /line
    area: hall
    variant: b
    type: Controller
    external: true
    fqn: /line/plc
    identity: {manufacturer: Siemens, serial_number: 00123, extra: {slot: 4, none: ~, more: [1]}}
    lock: {required_scopes: [configurations, ""], breakable: false, max_expiration: -5, always_open: [logs]}`);
    assert.deepEqual(components, [
      {
        kind: 'component',
        id: 'plc',
        name: 'Line PLC',
        source: 'manifest',
        namespace: '/line',
        variant: 'b',
        external: true,
        type: 'Controller',
        areaId: 'hall',
        aliases: ['/line/plc'],
        identity: {
          manufacturer: 'Siemens',
          serialNumber: '00123',
          extra: { slot: '4' },
          provenance: { manufacturer: 'manifest', serial_number: 'manifest', 'extra.slot': 'manifest' },
        },
        lock: {
          lockable: true,
          alwaysOpen: ['logs'],
          requiredScopes: ['configurations'],
          breakable: false,
          maxExpirationSec: 0,
        },
      },
    ]);
  });

  it('may be nested', async () => {
    const { components } = await entitiesOf('components: [{id: arm, subcomponents: [{id: gripper}, {id: wrist}]}]');
    assert.deepEqual(
      components.map(({ id, parentComponentId }) => [id, parentComponentId]),
      [
        ['arm', undefined],
        ['gripper', 'arm'],
        ['wrist', 'arm'],
      ],
    );
  });
});

describe('apps of a manifest', () => {
  it('are bound to any namespace unless they name one, and leave external open unless they set it', async () => {
    const { apps } = await entitiesOf(`
components: [{id: ecu}]
apps:
  - {id: lidar, is_located_on: ecu, ros_binding: {node_name: lidar_driver}}
  - {id: plc, external: false, depends_on: [lidar]}`);
    assert.deepEqual(apps, [
      {
        kind: 'app',
        id: 'lidar',
        name: 'lidar',
        source: 'manifest',
        online: false,
        componentId: 'ecu',
        binding: { namespace: '*', nodeName: 'lidar_driver' },
      },
      { kind: 'app', id: 'plc', name: 'plc', source: 'manifest', online: false, dependsOn: ['lidar'], external: false },
    ]);
  });

  it('and a component may have the same id', async () => {
    const { apps, components } = await entitiesOf('components: [{id: lidar_driver}]\napps: [{id: lidar_driver}]');
    assert.deepEqual([apps[0]?.id, components[0]?.id], ['lidar_driver', 'lidar_driver']);
  });

  it('are bound to the exact node of a full name, which is refused if it is invalid', async () => {
    const app = (binding: string) => `apps: [{id: a, ros_binding: {${binding}}}]`;
    const { apps } = await entitiesOf(app('node_name: /front/lidar_driver, namespace: /front'));
    assert.deepEqual(apps[0]?.binding, { nodeName: 'lidar_driver', namespace: '/front', isFullName: true });
    for (const wrong of [
      'node_name: front/lidar',
      'node_name: /front/li-dar',
      'node_name: /front/lidar, namespace: /rear',
    ]) {
      assert.deepEqual(rulesOf(await loadText(app(wrong))), ['M007 /etc/robot.yaml:2'], wrong);
    }
  });

  it('with an empty binding cause a notice and are bound to nothing', async () => {
    const loaded = await loadText('apps: [{id: a, ros_binding: {namespace: /x}}]');
    assert.equal(loaded.manifest?.entities.apps[0]?.binding, undefined);
    assert.deepEqual(rulesOf(loaded), ['M006 /etc/robot.yaml:2']);
  });
});

describe('functions of a manifest', () => {
  it('name their hosts by hosted_by, or by hosts', async () => {
    const { functions } = await entitiesOf(
      'apps: [{id: a}]\nfunctions: [{id: f, hosted_by: [a]}, {id: g, hosts: [a]}]',
    );
    assert.deepEqual(
      functions.map(({ hosts }) => hosts),
      [['a'], ['a']],
    );
  });
});

describe('assets of a manifest', () => {
  it('are components of the inventory, named by maker and model, with every other text in the nameplate', async () => {
    const { components } = await entitiesOf(
      'assets: [{id: scanner, manufacturer: SICK, model: TiM781, serial: 2104, order_number: "1096807", cost_center: 77, tags: [laser]}]',
    );
    assert.deepEqual(components, [
      {
        id: 'scanner',
        tags: ['laser'],
        kind: 'component',
        name: 'SICK TiM781',
        source: 'inventory',
        identity: {
          manufacturer: 'SICK',
          model: 'TiM781',
          orderCode: '1096807',
          serialNumber: '2104',
          extra: { cost_center: '77' },
          provenance: {
            manufacturer: 'inventory',
            model: 'inventory',
            order_code: 'inventory',
            serial_number: 'inventory',
            'extra.cost_center': 'inventory',
          },
        },
      },
    ]);
  });

  it('may have no name, and have no namespace unless they give one', async () => {
    const { components } = await entitiesOf('assets: [{id: crate}, {id: rack, namespace: /r, name: Rack}]');
    assert.deepEqual(
      components.map(({ name, namespace }) => [name, namespace]),
      [
        ['', undefined],
        ['Rack', '/r'],
      ],
    );
  });
});

describe('scripts of a manifest', () => {
  const SCRIPT = '{id: check, path: check.py, format: python';

  it('have defaults, and a schema as deep as it is written', async () => {
    const loaded = await loadText(`
scripts:
  - ${SCRIPT}, timeout_sec: 0, entity_filter: ["components/*"], env: {LEVEL: 3, NONE: ~, LIST: [1]}}
  - id: deep
    path: /opt/deep.sh
    format: sh
    args: [{name: speed, type: named, flag: --speed}]
    parameters_schema: {type: object, properties: {a: {enum: [1, two, true]}}}`);
    assert.deepEqual(loaded.manifest?.scripts, [
      {
        id: 'check',
        name: 'check',
        path: '/etc/check.py',
        format: 'python',
        timeoutSec: 1,
        entityFilter: ['components/*'],
        env: { LEVEL: '3' },
        args: [],
      },
      {
        id: 'deep',
        name: 'deep',
        path: '/opt/deep.sh',
        format: 'sh',
        parametersSchema: { type: 'object', properties: { a: { enum: [1, 'two', true] } } },
        timeoutSec: 300,
        entityFilter: [],
        env: {},
        args: [{ name: 'speed', type: 'named', flag: '--speed' }],
      },
    ]);
  });

  it('without id, path or a known format refuse the manifest', async () => {
    for (const script of [
      '{path: a, format: sh}',
      '{id: a, format: sh}',
      '{id: a, path: a}',
      '{id: a, path: a, format: perl}',
    ]) {
      const loaded = await loadText(`scripts: [${script}]`);
      assert.equal(loaded.manifest, undefined, script);
      assert.deepEqual(rulesOf(loaded), ['LOAD /etc/robot.yaml:2'], script);
    }
  });
});

describe('a manifest as a document', () => {
  it('causes notices for unknown keys, wherever they are, and fails on none', async () => {
    const loaded = await loadText(
      'robots: 3\nappps: [1]\napps: [{id: a, tag: x, ros_binding: {node_name: a, node: b}}]',
    );
    assert.ok(loaded.manifest);
    assert.deepEqual(rulesOf(loaded), [
      'M001 /etc/robot.yaml:4',
      'M001 /etc/robot.yaml:4',
      'M001 /etc/robot.yaml:2',
      'M001 /etc/robot.yaml:3',
    ]);
    assert.match(textOf(loaded), /apps\[0\]\.tag: no such key\. Did you mean tags\?/);
    assert.match(textOf(loaded), /appps: no such key\. Did you mean apps\?/);
  });

  it('takes merge keys, the sections that they name, and booleans and numbers of YAML 1.1', async () => {
    const loaded = await loadText(`x-lidar: &lidar {external: Yes, tags: [front]}
config: {inherit_runtime_resources: off}
apps:
  - {<<: *lidar, id: a}
  - {<<: *lidar, id: b, external: n}
scripts: [{id: s, path: s.sh, format: bash, timeout_sec: 0x20}]`);
    assert.deepEqual(rulesOf(loaded), []);
    const apps = loaded.manifest?.entities.apps.map(({ id, external, tags }) => [id, external, tags]);
    assert.deepEqual(apps, [
      ['a', true, ['front']],
      ['b', false, ['front']],
    ]);
    assert.equal(loaded.manifest?.config.inheritRuntimeResources, false);
    assert.equal(loaded.manifest?.scripts[0]?.timeoutSec, 32);
  });

  it('is described by its metadata', async () => {
    const loaded = await loadText('metadata: {name: AMR, version: 1.10, description: d, created_at: 2026-01-01}');
    assert.deepEqual(loaded.manifest?.metadata, {
      name: 'AMR',
      description: 'd',
      version: '1.10',
      createdAt: '2026-01-01',
    });
  });

  it('is refused with the line if it is no YAML, has a key twice, or a value of the wrong shape', async () => {
    const refused = async (text: string) => rulesOf(await loadText(text));
    assert.deepEqual(await refused('apps: ['), ['LOAD /etc/robot.yaml:2']);
    assert.deepEqual(await refused('areas: []\nareas: []'), ['LOAD /etc/robot.yaml:3']);
    assert.deepEqual(await refused('apps: lidar'), ['M007 /etc/robot.yaml:2']);
    assert.deepEqual(await refused('apps:\n  - id: a\n    tags: x'), ['M007 /etc/robot.yaml:4']);
    assert.deepEqual(await refused('apps:\n  - lidar'), ['M007 /etc/robot.yaml:3']);
  });
});
