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
import { doubledServices } from './doubled-services.ts';
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
    ...bounded(doubledServices(state.servers, state.appIdOf)),
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
      `${participants.length} DDS participants are heard (${who}), but none has announced a ROS 2 node. They are no ROS 2 programs, ` +
      'are still starting, or their user data is lost on the way: check firewalls for UDP ports beside those of discovery.';
    return [{ code: 'no_nodes', message }];
  }
  const { domainId, discoveryRange, interfaces } = facts;
  return [
    {
      code: 'no_participants',
      message:
        `No ROS 2 program is heard on domain ${domainId}, range ${discoveryRange}, interfaces ${interfaces.join(', ') || 'none'}. ` +
        `${rangeAdvice(discoveryRange)} Check that the robot uses ROS_DOMAIN_ID=${domainId} and a DDS middleware ` +
        '(RMW_IMPLEMENTATION rmw_cyclonedds_cpp or rmw_fastrtps_cpp, not rmw_zenoh_cpp) without ROS_DISCOVERY_SERVER, and that ' +
        'the network passes multicast 239.255.0.1; a container needs the network of its host.',
    },
  ];
}

function rangeAdvice(range: string): string {
  if (range === 'OFF') return 'ROS_AUTOMATIC_DISCOVERY_RANGE=OFF hears nobody but ROS_STATIC_PEERS.';
  if (range === 'LOCALHOST') {
    return 'Only programs on this machine are heard: for a robot elsewhere set ROS_AUTOMATIC_DISCOVERY_RANGE=SUBNET and leave ROS_LOCALHOST_ONLY unset.';
  }
  return 'Only the local network is heard: for a robot beyond a router name its address in ROS_STATIC_PEERS.';
}

function receiveBuffer({ facts }: GraphState): readonly Warning[] {
  const { askedBytes, grantedBytes } = facts.receiveBuffer;
  if (grantedBytes >= askedBytes) return [];
  return [
    {
      code: 'receive_buffer_small',
      message:
        `The system grants ${kib(grantedBytes)} of the ${kib(askedBytes)} asked for as receive buffer, so large messages may be lost. ` +
        `Run: sudo sysctl -w net.core.rmem_max=${askedBytes} (and put it into /etc/sysctl.d to keep it), then start medkit again.`,
    },
  ];
}

function failures({ facts }: GraphState): readonly Warning[] {
  return facts.failures.map((words) => ({
    code: 'internal_failure',
    message: `A part of medkit failed while it took in what came from the graph, and went on: ${words}. Please report it.`,
  }));
}

function incompatibleQos({ facts, appIdOf }: GraphState): readonly Warning[] {
  const warnings = facts.incompatible.map(({ topic, policies, remoteNode }): Warning => {
    const appId = remoteNode === undefined ? undefined : appIdOf(remoteNode);
    return {
      code: 'incompatible_qos',
      message:
        `A publisher and a subscription of ${topic} do not match because of ${policies.join(' and ')}` +
        `${remoteNode === undefined ? '' : ` (${remoteNode})`}: nothing flows between them. Give both the same QoS, or the ` +
        'subscription one that asks for less.',
      ...(appId !== undefined && { entityIds: [appId] }),
      ...(remoteNode !== undefined && { nodes: [remoteNode] }),
    };
  });
  return bounded(warnings);
}

function unknownTypes({ facts, definitionsFolder }: GraphState): readonly Warning[] {
  const where =
    definitionsFolder === undefined
      ? 'a folder of AMENT_PREFIX_PATH, or a folder that you name with --type-folder, and start medkit again'
      : `${definitionsFolder}, or a folder of AMENT_PREFIX_PATH`;
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
      message: `${topic} has several types: ${named.join('; ')}. Nothing flows between different types. Use one type, or give one of the topics another name.`,
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
        message: `${participants.length} programs call a node ${fqn}: they are shown as one app, and calls go to the one that came last. Give each a name of its own.`,
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
        message: `${fqn} does not offer ${missing.join(', ')}: its parameters are served as far as the other services allow.`,
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
  return [...warnings.slice(0, MAX_OF_A_KIND), { code: first.code, message: `And ${more} more of this kind.` }];
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
