import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type GatewayProcess, type Json, startGateway } from './gateway-process.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
/** The app of the node `/robot/arm`. */
const ARM = '/apps/arm';
const CAPABILITIES = ['x-medkit-beacon', 'x-medkit-param-beacon', 'x-medkit-topic-beacon'];
const SETTINGS = [
  'plugins=parameter_beacon,topic_beacon',
  'plugins.parameter_beacon.poll_interval_sec=0.2',
  'plugins.topic_beacon.allow_new_entities=true',
];

const beaconsOf = ({ capabilities }: Json): readonly string[] =>
  capabilities
    .map(({ name }: Json) => name)
    .filter((name: string) => CAPABILITIES.includes(name))
    .sort();

/** Returns a resource once it is available. */
const present = (gateway: GatewayProcess, path: string) =>
  eventually(path, async () => {
    const { status, body } = await gateway.ask('GET', path);
    return status === 200 && body;
  });

peerSuite('beacons of real DDS processes, over REST', {}, () => {
  for (const vendor of vendors) {
    test(`seed 003: ${vendor}: beacon parameters of a node are part of its app`, {
      timeout: 60_000,
    }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: SETTINGS });
      const commands = ['node /robot/arm', 'parameters quiet unset beacon=arm', 'node /robot/base'];
      await using _peer = await startPeer({ vendor, domainId: DOMAIN, commands });
      const { age_sec, ...document } = await present(gateway, `${ARM}/x-medkit-param-beacon`);
      assert.ok(age_sec >= 0 && age_sec < 5);
      assert.deepEqual(document, {
        entity_id: 'arm',
        status: 'active',
        stable_id: '',
        display_name: 'Arm of the robot',
        transport_type: '',
        negotiated_format: '',
        process_id: 4711,
        process_name: '',
        hostname: '',
        component_id: '',
        function_ids: [],
        depends_on: ['base'],
        metadata: { firmware: '2.4.1' },
      });
      const arm = await eventually('the enriched app', async () => {
        const { body } = await gateway.ask('GET', ARM);
        return body['name'] === 'Arm of the robot' && body;
      });
      assert.deepEqual(beaconsOf(arm), CAPABILITIES.slice(0, 2));
      assert.equal(arm['x-medkit']['x-medkit-beacon-firmware'], '2.4.1');
      const { body: needed } = await gateway.ask('GET', `${ARM}/depends-on`);
      assert.deepEqual(
        needed['items'].map(({ id }: Json) => id),
        ['base'],
      );
      const missing = await gateway.ask('GET', '/apps/base/x-medkit-beacon');
      assert.deepEqual([missing.status, missing.body['vendor_code']], [404, 'x-medkit-beacon-not-found']);
    });
  }

  for (const isolate of ['none', 'process']) {
    test(`both beacons, isolate ${isolate}: an app that both receive is one app, and x-medkit-beacon is the latest message`, {
      timeout: 60_000,
    }, async () => {
      const how = ['parameter_beacon', 'topic_beacon'].map((name) => `plugins.${name}.isolate=${isolate}`);
      await using gateway = await startGateway({ domainId: DOMAIN, settings: [...SETTINGS, ...how] });
      const commands = ['node /robot/arm', 'parameters quiet beacon=arm'];
      await using peer = await startPeer({ vendor: 'cyclone', domainId: DOMAIN, commands });
      await present(gateway, `${ARM}/x-medkit-param-beacon`);
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const announcer = await adapter.node({ name: 'announcer' });
      const publisher = await announcer.publisher('/ros2_medkit/discovery', 'ros2_medkit_msgs/msg/MedkitDiscoveryHint');
      await eventually('the topic beacon', async () => (await publisher.matched()) > 0);
      await publisher.publish({ entity_id: 'arm', hostname: 'amr', metadata: [{ key: 'site', value: 'hall 3' }] });
      await publisher.publish({ entity_id: 'gripper', display_name: 'Gripper' });
      const said = await present(gateway, `${ARM}/x-medkit-topic-beacon`);
      assert.deepEqual([said['hostname'], said['metadata']], ['amr', { site: 'hall 3' }]);
      // The parameters are polled five times a second, so their values stay the newest until the node exits.
      const latest = () => gateway.ask('GET', `${ARM}/x-medkit-beacon`);
      await eventually('the word of the parameters', async () => (await latest()).body['process_id'] === 4711);
      const arm = await eventually('all capabilities', async () => {
        const { body } = await gateway.ask('GET', ARM);
        return beaconsOf(body).length === CAPABILITIES.length && body;
      });
      assert.equal(arm['x-medkit']['x-medkit-beacon-site'], 'hall 3');
      const gripper = await present(gateway, '/apps/gripper');
      assert.deepEqual([gripper['name'], gripper['x-medkit']['source']], ['Gripper', 'beacon']);
      peer.command('close parameters');
      // An earlier answer of the node may still be in flight and arrive after this.
      await eventually('the word of the topic', async () => {
        await publisher.publish({ entity_id: 'arm', hostname: 'amr-2' });
        return (await latest()).body['hostname'] === 'amr-2';
      });
      const { body: health } = await gateway.ask('GET', '/health');
      assert.equal(health['x-medkit-topic-beacon']['hints_invalid_total'], 0);
      assert.deepEqual(
        (health['warnings'] ?? []).filter(({ code }: Json) => code.startsWith('plugin')),
        [],
      );
    });
  }
});
