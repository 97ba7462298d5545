import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RosMessage } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startGateway } from './gateway-process.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const MOTOR_HOT = 'call /fault_manager/report_fault ros2_medkit_msgs/srv/ReportFault MOTOR_HOT 0 2 /lidar too hot';

peerSuite('a gateway as ROS 2 services', {}, () => {
  test('returns entities, their faults and their data to a node', { timeout: 60_000 }, async () => {
    const settings = [
      'fault_manager.mode=own',
      'plugins=sovd_service_interface',
      'plugins.sovd_service_interface.service_prefix=/fleet/medkit',
    ];
    await using _gateway = await startGateway({ domainId: DOMAIN, settings });
    await using lidar = await startPeer({
      vendor: 'cyclone',
      domainId: DOMAIN,
      commands: ['node /lidar', 'pub /chatter std_msgs/msg/String rate=5 quiet', MOTOR_HOT],
    });
    assert.deepEqual((await lidar.event('answer')).value, { accepted: true });
    await using adapter = await openAdapter({ domainId: DOMAIN });
    const node = await adapter.node({ name: 'operator' });
    const call = async (name: string, type: string, request: RosMessage): Promise<RosMessage> => {
      const client = await node.client(`/fleet/medkit/${name}`, `ros2_medkit_msgs/srv/${type}`);
      const response = await client.call(request, { timeoutMs: 20_000 });
      await client.close();
      return response;
    };
    const entity_id = 'lidar';
    const listed = await eventually('the app of the peer', async () => {
      const { entities } = await call('list_entities', 'ListEntities', { entity_type: 'app' });
      return (entities as readonly RosMessage[]).find(({ id }) => id === entity_id);
    });
    assert.deepEqual([listed['fqn'], listed['entity_type']], ['/lidar', 'app']);
    const { resource_types } = await call('get_capabilities', 'GetCapabilities', { entity_id });
    assert.ok((resource_types as readonly string[]).includes('data'));
    const { faults } = await call('list_entity_faults', 'ListFaultsForEntity', { entity_id });
    assert.deepEqual(
      (faults as readonly RosMessage[]).map(({ fault_code, status, description }) => [fault_code, status, description]),
      [['MOTOR_HOT', 'CONFIRMED', 'too hot']],
    );
    const { success, error_message, data_json } = await call('get_entity_data', 'GetEntityData', {
      entity_id,
      data_keys: ['/chatter'],
    });
    assert.deepEqual([success, error_message], [true, '']);
    assert.equal(typeof JSON.parse(String(data_json))['/chatter'].data, 'string');
  });
});
