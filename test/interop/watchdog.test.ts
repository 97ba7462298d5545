import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type GatewayProcess, type Json, startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';

const STRING = 'std_msgs/msg/String';
const HEALING = 'fault_manager:\n  ros__parameters:\n    healing_enabled: true\n    healing_threshold: 1\n';

const WATCHDOG = [
  'plugins=graph_watchdog',
  'plugins.graph_watchdog.tick_interval_ms=200',
  'plugins.graph_watchdog.warmup_cycles=2',
  'plugins.graph_watchdog.detectors.orphan.grace=2',
  'plugins.graph_watchdog.detectors.node_disappeared.grace=1',
  // These peers do not test changes of parameters.
  'plugins.graph_watchdog.detectors.param_drift.mode=off',
];

/** Starts a gateway with a watchdog whose faults heal. */
async function startWatchdog(domainId: number, folder: string): Promise<GatewayProcess> {
  const parameters = join(folder, 'faults.yaml');
  await writeFile(parameters, HEALING);
  const settings = [
    'fault_manager.mode=own',
    `data_dir=${folder}`,
    `fault_manager.config_file=${parameters}`,
    ...WATCHDOG,
  ];
  return startGateway({ domainId, settings });
}

/** Waits until the watchdog's app lists a fault with this status. */
function untilFault(gateway: GatewayProcess, code: string, status: string): Promise<Json> {
  return eventually(
    `${code} being ${status}`,
    async () => {
      const { body } = await gateway.ask('GET', '/apps/graph_watchdog/faults?status=all');
      return body['items'].find((fault: Json) => fault['fault_code'] === code && fault['status'] === status);
    },
    30_000,
  );
}

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();

peerSuite('watchdog faults of real DDS processes', {}, () => {
  test('cyclone: a publisher that offers too little is a fault over REST, which heals when it is fixed', {
    timeout: 90_000,
  }, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'medkit-watchdog-'));
    await using gateway = await startWatchdog(DOMAIN, folder.path);
    await using lidar = await startPeer({
      vendor: 'cyclone',
      domainId: DOMAIN,
      commands: ['node /lidar', `pub /scan ${STRING} best_effort rate=5 quiet`],
    });
    await using _slam = await startPeer({
      vendor: 'cyclone',
      domainId: DOMAIN,
      commands: ['node /slam', `sub /scan ${STRING} quiet`],
    });
    const fault = await untilFault(gateway, 'GRAPH_QOS_MISMATCH', 'CONFIRMED');
    assert.deepEqual(
      [fault['description'], fault['severity_label'], fault['reporting_sources']],
      ['/scan: /slam receives nothing (incompatible with /lidar: reliability)', 'ERROR', ['graph_watchdog']],
    );
    lidar.command('close /scan');
    lidar.command(`pub /scan ${STRING} rate=5 quiet`);
    await untilFault(gateway, 'GRAPH_QOS_MISMATCH', 'HEALED');

    const { status, body } = await gateway.ask('GET', '/x-medkit-watchdog');
    assert.equal(status, 200);
    const { global_state, entities } = body['x-medkit-watchdog'];
    assert.equal(global_state, 'armed');
    assert.deepEqual(entities.map(({ id }: Json) => id).sort(), ['lidar', 'slam']);
    const { body: app } = await gateway.ask('GET', '/apps/graph_watchdog');
    assert.equal(app['x-medkit']['external'], true);
  });

  test('a mistyped remap and a killed node are faults until they are fixed', {
    timeout: 120_000,
  }, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'medkit-watchdog-'));
    await using gateway = await startWatchdog(SECOND_DOMAIN, folder.path);
    await using slam = await startPeer({
      vendor: 'fastdds',
      domainId: SECOND_DOMAIN,
      commands: ['node /slam', `sub /scan ${STRING} quiet`],
    });
    const lidar = { vendor: 'cyclone', domainId: SECOND_DOMAIN, leaseMs: 3000 } as const;
    await using killed = await startPeer({ ...lidar, commands: ['node /lidar', `pub /scan_ ${STRING} rate=5 quiet`] });
    const orphan = await untilFault(gateway, 'GRAPH_ORPHAN', 'CONFIRMED');
    assert.equal(
      orphan['description'],
      'no node subscribes to /scan_ of /lidar, and no node publishes /scan for /slam',
    );
    await killed.kill();
    const gone = await untilFault(gateway, 'GRAPH_NODE_DISAPPEARED', 'CONFIRMED');
    assert.equal(gone['description'], '/lidar disappeared without unregistering');
    await using _mended = await startPeer({ ...lidar, commands: ['node /lidar', `pub /scan ${STRING} rate=5 quiet`] });
    await slam.matched('/scan');
    await untilFault(gateway, 'GRAPH_NODE_DISAPPEARED', 'HEALED');
    await untilFault(gateway, 'GRAPH_ORPHAN', 'HEALED');
  });

  test('a node that shuts down cleanly is no fault', { timeout: 60_000 }, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'medkit-watchdog-'));
    await using gateway = await startWatchdog(SECOND_DOMAIN, folder.path);
    await using _slam = await startPeer({ vendor: 'cyclone', domainId: SECOND_DOMAIN, commands: ['node /slam'] });
    await using lidar = await startPeer({ vendor: 'cyclone', domainId: SECOND_DOMAIN, commands: ['node /lidar'] });
    const statusOf = async () => (await gateway.ask('GET', '/x-medkit-watchdog')).body['x-medkit-watchdog'];
    await eventually('both nodes being armed', async () => {
      const { entities } = await statusOf();
      return entities.length === 2 && entities.every(({ armed }: Json) => armed);
    });
    await lidar.quit();
    await eventually('the end of /lidar', async () => {
      const { entities } = await statusOf();
      return entities.some(({ id, state }: Json) => id === 'lidar' && state === 'absent');
    });
    const { tick } = await statusOf();
    await eventually('ten more ticks', async () => (await statusOf()).tick > tick + 10);
    assert.deepEqual((await statusOf()).detectors.node_disappeared.findings, []);
  });
});
