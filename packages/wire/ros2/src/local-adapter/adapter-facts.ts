import { Quota } from '@medkit/edges';
import type { AdapterFacts } from '../adapter/adapter.ts';
import type { AdapterContext } from '../adapter/context.ts';
import type { LocalEndpoint } from '../adapter/local-endpoints.ts';
import { incompatibleTopics } from '../graph/incompatible-topics.ts';
import { messageTypesOf, rosEndpointOf } from '../graph/ros-endpoint.ts';
import type { Graph, RosEndpoint } from '../graph.ts';
import { fullyQualifiedName } from '../names/graph-names.ts';
import { REQUEST_CAPACITY } from '../services/open-server.ts';
import type { GraphTypes } from '../type-descriptions/graph-types.ts';
import { notUnderstoodParticipants, participantCounts } from './participant-counts.ts';

/** Maximum types checked. Each unknown type is searched in every folder again. */
const MAX_TYPES_CHECKED = 500;

/** Facts that depend only on the endpoints of the graph. */
interface EndpointFacts {
  readonly graph: Graph;
  readonly local: readonly LocalEndpoint[];
  readonly incompatible: AdapterFacts['incompatible'];
  /** Message types by the type of their endpoints, ordered by name. */
  readonly messageTypes: readonly (readonly [type: string, messages: readonly string[]])[];
}

/**
 * Returns a function that collects the facts for diagnosing a missing part of the graph. Facts about endpoints are
 * computed once per generation of the graph, because `/health` is polled and a graph has thousands of endpoints.
 */
export function adapterFacts(
  { participant, watch, endpoints, drops, requestQuotas }: AdapterContext,
  types: GraphTypes,
  environment: () => Pick<AdapterFacts, 'discoveryRange' | 'unsupported'>,
): () => Promise<AdapterFacts> {
  let last: EndpointFacts | undefined;
  const current = (): EndpointFacts => {
    const graph = watch.current();
    const local = endpoints.all();
    if (last?.graph !== graph || last.local !== local) last = endpointFacts(graph, local);
    return last;
  };
  return async () => {
    const {
      interfaces,
      interfacesDown,
      interfaceEvents,
      receiveBuffer,
      datagrams,
      dropped,
      failures,
      notUnderstood,
      quotas,
    } = participant.facts();
    const { incompatible, messageTypes } = current();
    const refused = drops.counts()['too-many-requests'] ?? 0;
    return {
      domainId: participant.domainId,
      interfaces,
      interfacesDown,
      interfaceEvents,
      receiveBuffer,
      datagrams,
      dropped: { ...dropped, ...drops.counts() },
      failures,
      ...participantCounts(participant.participants()),
      notUnderstood: notUnderstoodParticipants(notUnderstood),
      quotas: { ...quotas, service_requests: Quota.fullest(requestQuotas, REQUEST_CAPACITY, refused) },
      incompatible,
      unknownTypes: await unknownTypes(messageTypes, types),
      ...environment(),
    };
  };
}

function endpointFacts(graph: Graph, local: readonly LocalEndpoint[]): EndpointFacts {
  const rosEndpoints = local.flatMap((each): RosEndpoint[] => {
    const endpoint = rosEndpointOf(each);
    return endpoint ? [{ ...endpoint, node: fullyQualifiedName(each.node.namespace, each.node.name) }] : [];
  });
  const localGids = new Set(rosEndpoints.map(({ gid }) => gid));
  const remote = graph.endpoints.filter(({ gid }) => !localGids.has(gid));
  const byType = new Map(remote.map((endpoint) => [endpoint.type, messageTypesOf(endpoint)]));
  const messageTypes = [...byType].slice(0, MAX_TYPES_CHECKED).sort(([a], [b]) => (a < b ? -1 : 1));
  return { graph, local, incompatible: incompatibleTopics(remote, rosEndpoints), messageTypes };
}

async function unknownTypes(
  messageTypes: EndpointFacts['messageTypes'],
  types: GraphTypes,
): Promise<readonly string[]> {
  const isKnown = async (messages: readonly string[]): Promise<boolean> => {
    const known = await Promise.all(messages.map((type) => types.isKnown(type)));
    return known.every((each) => each);
  };
  const known = await Promise.all(messageTypes.map(([, messages]) => isKnown(messages)));
  return messageTypes.flatMap(([type], index) => (known[index] ? [] : [type]));
}
