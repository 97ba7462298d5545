import { incompatibleTopics } from '../graph/incompatible.ts';
import { messageTypesOf, rosEndpointOf } from '../graph/ros-endpoint.ts';
import { fullyQualifiedName } from '../names/graph-names.ts';
import type { GraphTypes } from '../type-descriptions/graph-types.ts';
import type { AdapterFacts } from './adapter.ts';
import type { AdapterContext } from './context.ts';
import type { RosEndpoint } from './graph.ts';
import { heardParticipants, notUnderstoodParticipants } from './heard-participants.ts';

/** Each unknown type is looked for in every folder again; of a graph with more types than this only a part is checked. */
const MAX_TYPES_CHECKED = 500;

/** What a person needs to know who misses something. */
export async function adapterFacts(
  { participant, watch, endpoints, drops }: AdapterContext,
  types: GraphTypes,
  { discoveryRange, unsupported }: Pick<AdapterFacts, 'discoveryRange' | 'unsupported'>,
): Promise<AdapterFacts> {
  const { interfaces, receiveBuffer, datagrams, dropped, failures, notUnderstood } = participant.facts();
  const graph = watch.current();
  const own = endpoints.all().flatMap((local): RosEndpoint[] => {
    const endpoint = rosEndpointOf(local);
    return endpoint ? [{ ...endpoint, node: fullyQualifiedName(local.node.namespace, local.node.name) }] : [];
  });
  const ownGids = new Set(own.map(({ gid }) => gid));
  const remote = graph.endpoints.filter(({ gid }) => !ownGids.has(gid));
  return {
    domainId: participant.domainId,
    discoveryRange,
    interfaces,
    receiveBuffer,
    datagrams,
    dropped: { ...dropped, ...drops.counts() },
    failures,
    ...heardParticipants(participant.participants()),
    notUnderstood: notUnderstoodParticipants(notUnderstood),
    incompatible: incompatibleTopics(remote, own),
    unknownTypes: await unknownTypes(remote, types),
    unsupported,
  };
}

async function unknownTypes(endpoints: readonly RosEndpoint[], types: GraphTypes): Promise<readonly string[]> {
  const messages = new Map(endpoints.map((endpoint) => [endpoint.type, messageTypesOf(endpoint)]));
  const names = [...messages.keys()].slice(0, MAX_TYPES_CHECKED).sort();
  const isKnown = async (name: string): Promise<boolean> => {
    const known = await Promise.all((messages.get(name) ?? []).map((type) => types.isKnown(type)));
    return known.every((each) => each);
  };
  const known = await Promise.all(names.map(isKnown));
  return names.filter((_, index) => !known[index]);
}
