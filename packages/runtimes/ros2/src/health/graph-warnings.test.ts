import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AdapterFacts, type NotUnderstoodReason, PARAMETER_SERVICES, type RosParticipant } from '@medkit/ros2';
import { QUIET_FACTS, rosEndpoint, rosNode } from '../testing/fake-ros.ts';
import { type GraphState, graphWarnings } from './graph-warnings.ts';

const PARTICIPANT: RosParticipant = {
  guidPrefix: 'p1',
  vendor: 'Fast DDS',
  address: '10.0.0.7',
  name: '/',
  secure: false,
};

function warningsOf(facts: Partial<AdapterFacts>, state: Partial<GraphState> = {}) {
  return graphWarnings({
    facts: { ...QUIET_FACTS, ...facts },
    nodes: [rosNode('/lidar_driver')],
    participants: [PARTICIPANT],
    servers: [],
    topics: [],
    definitionsFolder: undefined,
    appIdOf: (fqn) => fqn.slice(1),
    ...state,
  });
}

const only = <T>(values: readonly T[]): T => {
  assert.equal(values.length, 1, JSON.stringify(values));
  return values[0] as T;
};

describe('warnings about participants', () => {
  const source = (address: string, reason: NotUnderstoodReason) => ({
    address,
    reason,
    vendor: 'Fast DDS',
    count: 3,
    lastReceivedAgoMs: 500,
  });

  it('name those that are not supported, one warning for each reason, with advice', () => {
    const reasons = ['malformed', 'protocol-version', 'other-domain', 'domain-tag', 'unreachable', 'capacity'] as const;
    const expected = [
      /Update/,
      /version of RTPS/,
      /domain 42.*ROS_DOMAIN_ID/,
      /domain tag/,
      /from 10\.0\.0\.2/,
      /exceed/,
    ];
    for (const [index, reason] of reasons.entries()) {
      const { code, message } = only(warningsOf({ notUnderstood: [source('10.0.0.9', reason)] }));
      assert.equal(code, 'participants_not_understood');
      assert.match(message, /Fast DDS at 10\.0\.0\.9/);
      assert.match(message, expected[index] ?? /^$/);
    }
    const many = reasons.flatMap((reason) => [source('10.0.0.9', reason), source('10.0.0.8', reason)]);
    assert.equal(warningsOf({ notUnderstood: many }).length, reasons.length);
  });

  it('name five sources and count the rest', () => {
    const notUnderstood = Array.from({ length: 64 }, (_, at) => source(`10.0.0.${at % 8}`, 'unreachable'));
    const { message } = only(warningsOf({ notUnderstood }));
    assert.match(message, /8 × Fast DDS at 10\.0\.0\.4 and 3 more\)/);
  });

  it('notice a Discovery Server', () => {
    const { code, message } = only(warningsOf({ discoveryServer: { servers: 1, clients: 2 } }));
    assert.equal(code, 'discovery_server');
    assert.match(message, /1 servers and 2 clients.*ROS_DISCOVERY_SERVER/);
  });

  it('notice security, once', () => {
    const facts = { securedParticipants: 2, notUnderstood: [source('10.0.0.9', 'secured')] };
    const { code, message } = only(warningsOf(facts));
    assert.equal(code, 'security');
    assert.match(message, /^2 .*SROS2.*ROS_SECURITY_ENABLE/);
  });
});

describe('warnings about the graph', () => {
  it('do not appear without a problem', () => {
    assert.deepEqual(warningsOf({}), []);
  });

  it('give the reason for a missing discovery: domain, range, interfaces and advice', () => {
    const emptyGraph = { nodes: [], participants: [] };
    const { code, message } = only(warningsOf({ interfaces: ['10.0.0.2'] }, emptyGraph));
    assert.equal(code, 'no_participants');
    assert.match(message, /domain 42, range SUBNET, interfaces 10\.0\.0\.2/);
    assert.match(message, /ROS_DOMAIN_ID=42.*RMW_IMPLEMENTATION.*zenoh.*container/);
    assert.match(
      only(warningsOf({ discoveryRange: 'LOCALHOST' }, emptyGraph)).message,
      /RANGE=SUBNET.*ROS_LOCALHOST_ONLY/,
    );
    assert.match(only(warningsOf({ discoveryRange: 'OFF' }, emptyGraph)).message, /ROS_STATIC_PEERS/);
  });

  it('distinguish participants without a node from no participants at all', () => {
    const { code, message } = only(warningsOf({}, { nodes: [] }));
    assert.equal(code, 'no_nodes');
    assert.match(message, /Fast DDS at 10\.0\.0\.7/);
  });

  it('give the command that enlarges the receive buffer', () => {
    const { code, message } = only(warningsOf({ receiveBuffer: { requestedBytes: 4_194_304, grantedBytes: 212_992 } }));
    assert.equal(code, 'receive_buffer_small');
    assert.match(message, /208 KiB instead of the requested 4096 KiB.*sudo sysctl -w net\.core\.rmem_max=4194304/);
  });

  it('name topic, policies and node of incompatible QoS', () => {
    const incompatible = [{ topic: '/map', policies: ['durability', 'reliability'], remoteNode: '/rviz' }];
    const warning = only(warningsOf({ incompatible }));
    assert.match(warning.message, /\/map .*durability and reliability.*\/rviz/);
    assert.deepEqual([warning.code, warning.entityIds, warning.nodes], ['incompatible_qos', ['rviz'], ['/rviz']]);
  });

  it('name the missing definition and where to put it', () => {
    const facts = { unknownTypes: ['acme_msgs/msg/Tool'] };
    assert.match(
      only(warningsOf(facts)).message,
      /share\/acme_msgs\/msg\/Tool\.msg below a folder of AMENT_PREFIX_PATH or .* --type-folder/,
    );
    const withFolder = only(warningsOf(facts, { definitionsFolder: '/data/definitions' }));
    assert.match(withFolder.message, /share\/acme_msgs\/msg\/Tool\.msg below \/data\/definitions or a folder of AMENT/);
  });

  it('name the types that share a topic, and the nodes of each', () => {
    const publisher = (node: string, type: string) =>
      rosEndpoint({ name: '/pose', role: 'publisher', node, gid: node, type });
    const a = publisher('/a', 'geometry_msgs/msg/Pose');
    const b = publisher('/b', 'geometry_msgs/msg/PoseStamped');
    const topics = [
      { topic: '/pose', publishers: [a, b], subscriptions: [] },
      { topic: '/same', publishers: [a], subscriptions: [a] },
    ];
    const { code, message, nodes } = only(warningsOf({}, { topics }));
    assert.deepEqual([code, nodes], ['mixed_types', ['/a', '/b']]);
    assert.match(message, /\/pose .*Pose \(\/a\); geometry_msgs\/msg\/PoseStamped \(\/b\)/);
  });

  it('name the nodes that lack a service of their parameters, and which', () => {
    const all = Object.keys(PARAMETER_SERVICES);
    const serversOf = (node: string, services: readonly string[]) =>
      services.map((service) =>
        rosEndpoint({ name: `${node}/${service}`, role: 'service', node, gid: `${node} ${service}` }),
      );
    const servers = [
      ...serversOf('/whole', all),
      ...serversOf(
        '/part',
        all.filter((service) => service !== 'list_parameters'),
      ),
      ...serversOf('/none', ['reset']),
    ];
    const { code, message, nodes } = only(warningsOf({}, { servers }));
    assert.deepEqual([code, nodes], ['partial_parameters', ['/part']]);
    assert.match(message, /^\/part does not offer list_parameters: /);
  });

  it('report internal failures of medkit', () => {
    const { code, message } = only(warningsOf({ failures: ['TypeError: x is undefined'] }));
    assert.deepEqual(
      [code, /: TypeError: x is undefined\. Please report it/.test(message)],
      ['internal_failure', true],
    );
  });

  it('pass on what medkit does not support', () => {
    const { code, message } = only(warningsOf({ unsupported: ['ROS_DISCOVERY_SERVER is set.'] }));
    assert.deepEqual([code, message], ['unsupported_environment', 'ROS_DISCOVERY_SERVER is set.']);
  });

  it('notice a node name used twice', () => {
    const twice = only(warningsOf({}, { nodes: [rosNode('/talker', ['p1', 'p2'])] }));
    assert.deepEqual([twice.code, twice.nodes], ['duplicate_node_name', ['/talker']]);
  });

  it('report datagrams that were not sent recently, and none that were not sent an hour ago', () => {
    const datagrams = { received: 5, sent: 8, sendFailures: 2, hasFailedLately: true };
    assert.match(only(warningsOf({ datagrams })).message, /2 of 10/);
    assert.deepEqual(warningsOf({ datagrams: { ...datagrams, hasFailedLately: false } }), []);
  });

  it('report that there is no network, unless none is wanted', () => {
    const alone = { interfaces: ['127.0.0.1'] };
    assert.equal(only(warningsOf(alone)).code, 'no_network');
    assert.deepEqual(warningsOf({ ...alone, discoveryRange: 'LOCALHOST' }), []);
    assert.deepEqual(warningsOf({ interfaces: ['127.0.0.1', '10.0.0.2'] }), []);
  });

  it('name the links that are down and the others in use', () => {
    const interfacesDown = ['10.0.1.2'];
    const other = only(warningsOf({ interfacesDown, interfaces: ['10.0.0.2'] }));
    assert.deepEqual(
      [other.code, /10\.0\.1\.2 is down.*through 10\.0\.0\.2/.test(other.message)],
      ['interface_down', true],
    );
    assert.match(
      only(warningsOf({ interfacesDown, interfaces: interfacesDown })).message,
      /only programs on this machine/,
    );
  });

  it('report events of the network for ten minutes', () => {
    const event = { name: 'eth0', address: '10.0.0.2', change: 'removed', agoMs: 500_000 } as const;
    const changed = only(warningsOf({ interfaceEvents: [event] }));
    assert.deepEqual([changed.code, /eth0 10\.0\.0\.2 was removed/.test(changed.message)], ['network_changed', true]);
    assert.deepEqual(warningsOf({ interfaceEvents: [{ ...event, agoMs: 700_000 }] }), []);
  });

  it('name the nodes that offer the same services, in one warning for all that they share', () => {
    const offer = (node: string, service: string, participant: string) =>
      ['request', 'reply'].map((half) =>
        rosEndpoint({
          gid: `${participant}${node}${service}${half}`,
          role: 'service',
          name: service,
          node,
          participant,
        }),
      );
    const both = ['/stop', '/go', '/look', '/wait'].flatMap((service) => [
      ...offer('/left', service, 'p1'),
      ...offer('/right', service, 'p2'),
    ]);
    const alone = [...offer('/left', '/left/set_parameters', 'p1'), ...offer('/left', '/left/set_parameters', 'p3')];
    const servers = [...both, ...alone];
    const isDoubled = (warning: { readonly code: string }) => warning.code === 'duplicate_service';
    const { code, message, nodes: nodeFqns, entityIds } = only(warningsOf({}, { servers }).filter(isDoubled));
    assert.deepEqual([code, nodeFqns, entityIds], ['duplicate_service', ['/left', '/right'], ['left', 'right']]);
    assert.match(
      message,
      /^\/left and \/right all offer \/go, \/look, \/stop and 1 more: medkit calls the service of the requested app/,
    );
  });

  it('stop after twenty of a kind', () => {
    const unknownTypes = Array.from({ length: 30 }, (_, at) => `a/msg/T${at}`);
    const warnings = warningsOf({ unknownTypes });
    assert.equal(warnings.length, 21);
    assert.match(warnings.at(-1)?.message ?? '', /10 more/);
  });
});
