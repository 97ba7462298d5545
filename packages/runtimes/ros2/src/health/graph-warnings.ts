import type { Warning } from '@medkit/core';
import {
  type AdapterFacts,
  PARAMETER_SERVICES,
  type RosEndpoint,
  type RosNode,
  type RosParticipant,
} from '@medkit/ros2';
import { definitionFile } from '../graph/definition-file.ts';
import type { TopicUse } from '../graph/topic-use.ts';
import { duplicateServices } from './duplicate-services.ts';
import { networkWarnings } from './network-warnings.ts';
import { participantWarnings } from './participant-warnings.ts';

/** Maximum warnings of one kind; further ones are counted. */
const MAX_OF_A_KIND = 20;

/** Input of the warnings. Lists instead of iterators, because several checks read the same nodes. */
export interface GraphState {
  readonly facts: AdapterFacts;
  readonly nodes: readonly RosNode[];
  readonly participants: readonly RosParticipant[];
  /** Both endpoints of all services. */
  readonly servers: readonly RosEndpoint[];
  /** Endpoints of each topic. */
  readonly topics: Iterable<TopicUse>;
  /** Folder with a user's message definitions, if configured. */
  readonly definitionsFolder: string | undefined;
  /** App id of a node by its FQN. */
  readonly appIdOf: (fqn: string) => string | undefined;
}

/** Returns warnings about everything that hides a part of the robot, each with a remedy. */
export function graphWarnings(state: GraphState): readonly Warning[] {
  return [
    ...unsupported(state),
    ...participantWarnings(state.facts),
    ...emptyTree(state),
    ...receiveBuffer(state),
    ...networkWarnings(state.facts),
    ...failures(state),
    ...incompatibleQos(state),
    ...unknownTypes(state),
    ...mixedTypes(state),
    ...duplicateNames(state),
    ...partialParameters(state),
    ...bounded(duplicateServices(state.servers, state.appIdOf)),
  ];
}

function unsupported({ facts }: GraphState): readonly Warning[] {
  return facts.unsupported.map((message) => ({ code: 'unsupported_environment', message }));
}

function emptyTree({ facts, nodes, participants }: GraphState): readonly Warning[] {
  if (nodes.length > 0) return [];
  if (participants.length > 0) {
    const who = [...new Set(participants.map(({ vendor, address }) => `${vendor} at ${address}`))]
      .slice(0, 5)
      .join(', ');
    const message =
      `medkit discovered ${participants.length} DDS participants (${who}), but none has announced a ROS 2 node. They are not ROS 2 programs, ` +
      'are still starting, or their user data is lost: check that firewalls pass the UDP ports for user data, not only those for discovery.';
    return [{ code: 'no_nodes', message }];
  }
  const { domainId, discoveryRange, interfaces } = facts;
  return [
    {
      code: 'no_participants',
      message:
        `No ROS 2 program was discovered on domain ${domainId}, range ${discoveryRange}, interfaces ${interfaces.join(', ') || 'none'}. ` +
        `${rangeAdvice(discoveryRange)} Check that the robot uses ROS_DOMAIN_ID=${domainId} and a DDS middleware ` +
        '(RMW_IMPLEMENTATION rmw_cyclonedds_cpp or rmw_fastrtps_cpp, not rmw_zenoh_cpp) without ROS_DISCOVERY_SERVER, and that ' +
        'the network passes multicast 239.255.0.1. A container needs the host network.',
    },
  ];
}

function rangeAdvice(range: string): string {
  if (range === 'OFF')
    return 'With ROS_AUTOMATIC_DISCOVERY_RANGE=OFF, only the hosts in ROS_STATIC_PEERS are discovered.';
  if (range === 'LOCALHOST') {
    return 'Only programs on this machine are discovered: for a robot on another machine, set ROS_AUTOMATIC_DISCOVERY_RANGE=SUBNET and unset ROS_LOCALHOST_ONLY.';
  }
  return 'Only programs on the local network are discovered: for a robot behind a router, add its address to ROS_STATIC_PEERS.';
}

function receiveBuffer({ facts }: GraphState): readonly Warning[] {
  const { requestedBytes, grantedBytes } = facts.receiveBuffer;
  if (grantedBytes >= requestedBytes) return [];
  return [
    {
      code: 'receive_buffer_small',
      message:
        `The system grants a receive buffer of ${kib(grantedBytes)} instead of the requested ${kib(requestedBytes)}, so large messages may be lost. ` +
        `Run: sudo sysctl -w net.core.rmem_max=${requestedBytes} (and add it to /etc/sysctl.d to make it permanent), then restart medkit.`,
    },
  ];
}

function failures({ facts }: GraphState): readonly Warning[] {
  return facts.failures.map((text) => ({
    code: 'internal_failure',
    message: `medkit failed to process a change or message from the graph and continued: ${text}. Please report it.`,
  }));
}

function incompatibleQos({ facts, appIdOf }: GraphState): readonly Warning[] {
  const warnings = facts.incompatible.map(({ topic, policies, remoteNode }): Warning => {
    const appId = remoteNode === undefined ? undefined : appIdOf(remoteNode);
    return {
      code: 'incompatible_qos',
      message:
        `A publisher and a subscription of ${topic} do not match because of ${policies.join(' and ')}` +
        `${remoteNode === undefined ? '' : ` (${remoteNode})`}: no data flows between them. Use the same QoS for both, or a ` +
        'subscription that requests less.',
      ...(appId !== undefined && { entityIds: [appId] }),
      ...(remoteNode !== undefined && { nodes: [remoteNode] }),
    };
  });
  return bounded(warnings);
}

function unknownTypes({ facts, definitionsFolder }: GraphState): readonly Warning[] {
  const where =
    definitionsFolder === undefined
      ? 'a folder of AMENT_PREFIX_PATH or a folder set with --type-folder, and restart medkit'
      : `${definitionsFolder} or a folder of AMENT_PREFIX_PATH`;
  const warnings = facts.unknownTypes.map((type): Warning => {
    const file = definitionFile(type) ?? 'its definition';
    return {
      code: 'unknown_type',
      message: `No definition of ${type} is known, so its messages are shown in hex. Put ${file} below ${where}.`,
    };
  });
  return bounded(warnings);
}

/** Topics whose endpoints have several types: no data flows between endpoints of different types. */
function mixedTypes({ topics, appIdOf }: GraphState): readonly Warning[] {
  const warnings: Warning[] = [];
  for (const { topic, publishers, subscriptions } of topics) {
    const endpoints = [...publishers, ...subscriptions];
    const [first] = endpoints;
    if (endpoints.every(({ type }) => type === first?.type)) continue;
    const byType = Map.groupBy(endpoints, ({ type }) => type);
    const named = Array.from(byType, ([type, users]) => `${type} (${nodesOf(users).join(', ') || 'no node'})`).sort();
    const nodes = nodesOf(endpoints);
    const entityIds = nodes.flatMap((fqn) => appIdOf(fqn) ?? []);
    warnings.push({
      code: 'mixed_types',
      message: `${topic} has several types: ${named.join('; ')}. No data flows between different types. Use one type, or rename one of the topics.`,
      ...(entityIds.length > 0 && { entityIds }),
      ...(nodes.length > 0 && { nodes }),
    });
  }
  return bounded(warnings);
}

const nodesOf = (endpoints: readonly RosEndpoint[]): readonly string[] =>
  [...new Set(endpoints.flatMap(({ node }) => node ?? []))].sort();

function duplicateNames({ nodes, appIdOf }: GraphState): readonly Warning[] {
  const warnings = nodes
    .filter(({ participants }) => participants.length > 1)
    .map(({ fqn, participants }): Warning => {
      const appId = appIdOf(fqn);
      return {
        code: 'duplicate_node_name',
        message: `${participants.length} programs have a node with the name ${fqn}: they are shown as one app, and calls go to the node that appeared last. Give each node a unique name.`,
        ...(appId !== undefined && { entityIds: [appId] }),
        nodes: [fqn],
      };
    });
  return bounded(warnings);
}

/** Nodes that offer only some of the parameter services; what the others provide is missing. */
function partialParameters({ servers, appIdOf }: GraphState): readonly Warning[] {
  const services = Object.keys(PARAMETER_SERVICES);
  const offered = new Map<string, Set<string>>();
  for (const { name, node, role } of servers) {
    if (role !== 'service' || node === undefined || !name.startsWith(`${node}/`)) continue;
    const service = name.slice(node.length + 1);
    if (!services.includes(service)) continue;
    offered.set(node, (offered.get(node) ?? new Set()).add(service));
  }
  const warnings = [...offered].flatMap(([fqn, known]): readonly Warning[] => {
    if (known.size === services.length) return [];
    const missing = services.filter((service) => !known.has(service));
    const appId = appIdOf(fqn);
    return [
      {
        code: 'partial_parameters',
        message: `${fqn} does not offer ${missing.join(', ')}: its parameters are available only as far as its other services allow. Use a node that offers all parameter services, or restart the node.`,
        ...(appId !== undefined && { entityIds: [appId] }),
        nodes: [fqn],
      },
    ];
  });
  return bounded(warnings);
}

function bounded(warnings: readonly Warning[]): readonly Warning[] {
  const [first] = warnings;
  const more = warnings.length - MAX_OF_A_KIND;
  if (!first || more <= 0) return warnings;
  return [
    ...warnings.slice(0, MAX_OF_A_KIND),
    { code: first.code, message: `And ${more} more warnings of this kind.` },
  ];
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
