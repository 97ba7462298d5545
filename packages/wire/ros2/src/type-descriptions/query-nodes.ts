import type { AdapterContext } from '../adapter/context.ts';
import type { ServiceClient } from '../adapter/service.ts';
import type { TypeSupport } from '../codec/type-support.ts';
import { InvalidDefinition } from '../definitions/definition.ts';
import { MalformedMessage } from '../errors.ts';
import { messageTypesOf } from '../graph/ros-endpoint.ts';
import { MEDKIT_VENDOR_ID, vendorName } from '../graph/vendors.ts';
import type { Graph } from '../graph.ts';
import type { NodeNames } from '../names/graph-names.ts';
import { requestTypeOf, responseTypeOf } from '../names/type-names.ts';
import { openServiceClient } from '../services/open-client.ts';
import { typeHash } from '../types/hash/rihs01.ts';
import type { RosMessage } from '../types/message.ts';
import type { KnownType } from '../types/type-store.ts';
import { GET_TYPE_DESCRIPTION, getTypeDescriptionOf } from './get-type-description.ts';
import { readTypeDescription } from './read-type-description.ts';
import type { TypeQuery } from './type-description-cache.ts';

/** Maximum nodes asked for one type, one after another. */
const MAX_QUERIED_NODES = 3;
const ANSWER_TIMEOUT_MS = 1000;
/** Maximum response size. The longest descriptions of real types have a few ten thousand octets. */
const MAX_DESCRIPTION_BYTES = 512 * 1024;

const MEDKIT_VENDOR = vendorName(MEDKIT_VENDOR_ID);

interface Dependencies {
  readonly context: AdapterContext;
  /** Definitions of this machine only: asking for the types of the service itself would be circular. */
  readonly localTypes: TypeSupport;
}

/**
 * Asks the nodes that use a type to describe it. A description is accepted if it has the requested hash. Returns
 * `nobody` if medkit has no node, or no other node uses the type and describes types.
 */
export async function queryNodes(
  deps: Dependencies,
  { type, hash, signal }: TypeQuery,
): Promise<KnownType | 'unknown' | 'nobody'> {
  const { watch, endpoints } = deps.context;
  const asker = endpoints.firstNode();
  const users = usersOf(watch.current(), type, hash).slice(0, MAX_QUERIED_NODES);
  if (!asker || users.length === 0) return 'nobody';
  for (const node of users) {
    const known = await ask(deps, { asker, node, type, hash, signal });
    if (known) return known;
  }
  return 'unknown';
}

/**
 * Returns the nodes with an endpoint of this type that describe their types. rcl identifies a service by its own hash,
 * but the graph announces the hashes of its messages. Request and response types are therefore only requested from
 * medkit nodes.
 */
function usersOf({ endpoints, participants }: Graph, type: string, hash: string): readonly string[] {
  const medkits = new Set(
    participants.filter(({ vendor }) => vendor === MEDKIT_VENDOR).map(({ guidPrefix }) => guidPrefix),
  );
  const users = new Set<string>();
  const describing = new Set<string>();
  for (const endpoint of endpoints) {
    const { role, name, node, participant } = endpoint;
    if (role === 'service' && endpoint.type === GET_TYPE_DESCRIPTION) describing.add(name);
    if (node === undefined || endpoint.typeHash !== hash || !messageTypesOf(endpoint).includes(type)) continue;
    if (endpoint.type === type || medkits.has(participant)) users.add(node);
  }
  return [...users].filter((node) => describing.has(getTypeDescriptionOf(node)));
}

interface QuestionToNode extends TypeQuery {
  readonly asker: NodeNames;
  readonly node: string;
}

async function ask({ context, localTypes }: Dependencies, question: QuestionToNode): Promise<KnownType | undefined> {
  const { asker, node, type, hash, signal } = question;
  const of = { node: asker, service: getTypeDescriptionOf(node), type: GET_TYPE_DESCRIPTION };
  let client: ServiceClient | undefined;
  try {
    client = await openServiceClient(context, of, () => undefined);
    const body = { type_name: type, type_hash: hash, include_type_sources: false };
    const request = await localTypes.encode(requestTypeOf(GET_TYPE_DESCRIPTION), body);
    const response = await client.callSerialised(request, { timeoutMs: ANSWER_TIMEOUT_MS, signal });
    if (response.length > MAX_DESCRIPTION_BYTES) throw new InvalidDefinition(`${type}: the description is too long`);
    const codec = await localTypes.codec(responseTypeOf(GET_TYPE_DESCRIPTION));
    return codec && describedIn(codec.decode(response), question);
  } catch (error) {
    const isMalformed = error instanceof MalformedMessage || error instanceof InvalidDefinition;
    context.drops.count(isMalformed ? 'malformed-type-description' : 'unanswered-type-question');
    return undefined;
  } finally {
    await client?.close();
  }
}

/** Returns the described type, or `undefined` if the node does not know it. Throws `InvalidDefinition`. */
function describedIn(
  { successful, type_description: description }: RosMessage,
  { node, type: name, hash }: QuestionToNode,
): KnownType | undefined {
  if (successful !== true) return undefined;
  const type = readTypeDescription(description as RosMessage);
  if (type.name !== name || typeHash(type) !== hash) {
    throw new InvalidDefinition(`the description of ${name} from ${node} does not match its type hash`);
  }
  return { type, hash, source: `described by ${node}` };
}
