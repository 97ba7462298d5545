import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { readFaultDocuments } from './fault-documents.ts';
import { loadConfig } from './load-config.ts';

const FILE = '/robot/medkit_params.yaml';

/** Loads a parameter file as a gateway and its fault manager do. */
async function load(yaml: string) {
  const files = new MemoryFiles({ [FILE]: yaml });
  const folders = { environment: {}, home: '/home/ada', working: '/srv' };
  const { config, notices } = await loadConfig({ files, folders, flags: { config: FILE, insecure: true } });
  const { config_file } = config.fault_manager;
  const faults = await readFaultDocuments(files, config_file);
  const lines = [...notices, ...faults.notices].map(({ text }) => text.replaceAll(FILE, 'f'));
  return { config, faults: faults.configuration, lines };
}

/** A gateway in a namespace, as in a single-robot demo, with its fault manager in the root. */
const DEMO = `
diagnostics:
  ros2_medkit_gateway:
    ros__parameters:
      server:
        host: "0.0.0.0"
        port: 8090
      refresh_interval_ms: 10000
      cors:
        allowed_origins: ["*"]
        allowed_methods: ["GET", "OPTIONS"]
        allow_credentials: false
      discovery:
        mode: "runtime_only"
        manifest_path: ""
        runtime:
          create_synthetic_components: false
        merge_pipeline:
          gap_fill:
            allow_heuristic_areas: false
            allow_heuristic_apps: false
      plugins: [""]
      scripts:
        scripts_dir: "/var/lib/scripts"
        allow_uploads: false

fault_manager:
  ros__parameters:
    storage_type: "sqlite"
    confirmation_threshold: 0
    healing_enabled: false
    snapshots:
      enabled: true
      default_topics:
        - /scan
        - /diagnostics
      rosbag:
        enabled: true
        topics: "config"
        include_topics:
          - /scan
`;

/** One of several peers, with other nodes of its machine in the same file. */
const SEVERAL_NODES = `
diagnostics:
  ros2_medkit_gateway:
    ros__parameters:
      server: {host: "127.0.0.1", port: 8081}
      aggregation:
        enabled: true
        peer_urls: ["http://planning:8080"]
perception:
  lidar_driver:
    ros__parameters:
      scan_rate: 10.0
  camera/front:
    ros__parameters: {rate: 30.0}
fault_manager:
  ros__parameters:
    snapshots:
      enabled: false
`;

describe('parameter files of robots', () => {
  it('are read if the gateway is in a namespace', async () => {
    const { config, faults, lines } = await load(DEMO);
    assert.deepEqual([config.server.port, config.server.host], [8090, '0.0.0.0']);
    assert.equal(config.ros.node, '/diagnostics/ros2_medkit_gateway', 'it is the node that a manifest means');
    assert.deepEqual(config.cors.allowed_origins, ['*']);
    assert.equal(config.discovery.merge_pipeline.gap_fill.allow_heuristic_apps, false);
    assert.equal(config.scripts.allow_uploads, false);
    assert.deepEqual(config.plugins, []);
    assert.deepEqual([faults.confirmation_threshold, faults.healing_enabled], [0, false]);
    assert.deepEqual(faults['snapshots.default_topics'], ['/scan', '/diagnostics']);
    assert.deepEqual(faults['snapshots.rosbag.include_topics'], ['/scan']);
    assert.ok(!lines.some((line) => line.includes('no such setting')), lines.join('\n'));
    assert.ok(
      lines.some((line) => line.startsWith('refresh_interval_ms: not used')),
      lines.join('\n'),
    );
  });

  it('may contain other nodes, which are reported', async () => {
    const { config, faults, lines } = await load(SEVERAL_NODES);
    assert.deepEqual([config.server.port, faults['snapshots.enabled']], [8081, false]);
    const { enabled, peer_urls } = config.aggregation;
    assert.deepEqual([enabled, peer_urls], [true, ['http://planning:8080']]);
    assert.deepEqual(lines, [
      'f:10: parameters of node /perception/lidar_driver, not of the gateway',
      'f:13: parameters of node /perception/camera/front, not of the gateway',
    ]);
  });

  it('may address all nodes: each node takes its parameters', async () => {
    const { config, faults, lines } = await load(
      '/**:\n  ros__parameters:\n    use_sim_time: true\n    server.port: 8082\n    healing_enabled: true\n',
    );
    assert.deepEqual([config.server.port, faults.healing_enabled], [8082, true]);
    assert.deepEqual(lines, [
      'f:3: use_sim_time: set for /**, but neither the gateway nor a node that it replaces uses it',
    ]);
  });

  it('may have parameters for all nodes that only one of them uses, without a message', async () => {
    const { config, faults, lines } = await load(`
/**:
  ros__parameters:
    server: {port: 8086}
    storage_type: memory
    snapshots: {enabled: false, default_topics: [/scan]}
    severity_floor: 40
    exclude_nodes: [chatty]
    code_prefix: X
    source_id: /bridge
    name_to_code: {"motor: Status": MOTOR_DEAD}
    enabled: false
`);
    assert.deepEqual([config.server.port, faults.storage_type], [8086, 'memory']);
    assert.deepEqual([faults['snapshots.enabled'], faults['snapshots.default_topics']], [false, ['/scan']]);
    const { diagnostic_bridge: diagnostics, log_bridge: logs, action_status_bridge: actions } = config;
    assert.deepEqual([logs.severity_floor, logs.exclude_nodes], [40, ['chatty']]);
    assert.deepEqual([logs.code_prefix, actions.code_prefix], ['X', 'X']);
    assert.deepEqual([diagnostics.source_id, logs.source_id, actions.source_id], ['/bridge', '/bridge', '/bridge']);
    assert.deepEqual(diagnostics.name_to_code, ['motor: Status=MOTOR_DEAD']);
    assert.deepEqual([diagnostics.enabled, logs.enabled], [true, true]);
    assert.deepEqual(lines, [
      'f:12: enabled: set for /**, but neither the gateway nor a node that it replaces uses it',
    ]);
  });

  it('configure the bridges by the sections of their nodes, in any namespace', async () => {
    const { config, lines } = await load(`
diagnostics:
  diagnostic_bridge:
    ros__parameters:
      diagnostics_topic: /robot/diagnostics
      keyvalue_codes: [code]
      name_to_code.gripper: GRIPPER_OPEN
      name_to_code.arm.joint: ARM_STUCK
      max_tracked_sources: 64
/robot1/log_bridge:
  ros__parameters: {severity_floor: 50, exclude_medkit_stack: false}
action_status_bridge:
  ros__parameters:
    canceled_is_fault: true
    exclude_actions: [/spin]
    retry_perod_sec: 1.0
`);
    const { diagnostic_bridge: diagnostics, log_bridge: logs, action_status_bridge: actions } = config;
    assert.deepEqual([diagnostics.diagnostics_topic, diagnostics.keyvalue_codes], ['/robot/diagnostics', ['code']]);
    assert.deepEqual(diagnostics.name_to_code, ['gripper=GRIPPER_OPEN', 'arm.joint=ARM_STUCK']);
    assert.deepEqual([logs.severity_floor, logs.exclude_medkit_stack], [50, false]);
    assert.deepEqual([actions.canceled_is_fault, actions.exclude_actions], [true, ['/spin']]);
    assert.deepEqual(lines, [
      'action_status_bridge.retry_perod_sec: no such setting (f:16). Did you mean action_status_bridge.retry_period_sec?',
      'diagnostic_bridge.max_tracked_sources: not used by this version (f:9)',
    ]);
  });

  it('may have slashes in names, wildcards for namespaces, and a separate section for the fault manager', async () => {
    const { config, faults } = await load(
      '/*/ros2_medkit_gateway:\n  ros__parameters: {server.port: 8083}\n' +
        'robot1:\n  fault_manager:\n    ros__parameters: {healing_enabled: true}\n',
    );
    assert.deepEqual([config.server.port, faults.healing_enabled], [8083, true]);
  });

  it('have plugins by name, or as sections', async () => {
    const sections = 'plugins:\n        - {name: watchdog, tick: 5}\n        - {name: pump, path: site-pump}\n';
    const { config } = await load(`medkit:\n  ros2_medkit_gateway:\n    ros__parameters:\n      ${sections}`);
    assert.deepEqual(
      config.plugins.map(({ name, path, options }) => [name, path, options]),
      [
        ['watchdog', undefined, { tick: '5' }],
        ['pump', 'site-pump', {}],
      ],
    );
  });

  it('may contain booleans and numbers of YAML 1.1, and merge keys', async () => {
    const { config, faults, lines } = await load(`x-server: &server {server.port: 0o17621}
medkit_gateway:
  ros__parameters: {<<: *server, docs.enabled: N}
fault_manager:
  ros__parameters: {healing_enabled: Y, snapshots.enabled: off}
`);
    assert.deepEqual(lines, []);
    assert.equal(config.docs.enabled, false);
    assert.equal(config.server.port, 8081);
    assert.deepEqual([faults.healing_enabled, faults['snapshots.enabled']], [true, false]);
  });

  it('that set a parameter twice are reported with both lines', async () => {
    const { config, lines } = await load(
      'a:\n  ros2_medkit_gateway:\n    ros__parameters: {server.port: 8084}\n' +
        'b:\n  ros2_medkit_gateway:\n    ros__parameters: {server.port: 8085}\n',
    );
    assert.equal(config.server.port, 8085);
    assert.deepEqual(lines, ['server.port is set twice: f:6 is used, f:3 is ignored']);
  });

  it('name the gateway only if they name one node, and not if the name is configured', async () => {
    const named = async (yaml: string) => (await load(yaml)).config.ros.node;
    assert.equal(await named('server: {port: 8090}'), '/medkit_gateway');
    assert.equal(await named('/**:\n  ros__parameters: {server: {port: 8090}}'), '/medkit_gateway');
    assert.equal(await named('/robot*/medkit_gateway:\n  ros__parameters: {server: {port: 8090}}'), '/medkit_gateway');
    assert.equal(await named('medkit_gateway:\n  ros__parameters: {ros: {node: /robot1/eyes}}'), '/robot1/eyes');
    await assert.rejects(named('ros: {node: eyes}'), {
      name: 'ConfigRefused',
      message: /ros\.node: "eyes" is not the full name/,
    });
  });
});
