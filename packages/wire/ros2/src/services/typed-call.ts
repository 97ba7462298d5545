import type { DropCounter } from '../adapter/drop-counter.ts';
import type { CallOptions, ServiceClient, ServiceHandler } from '../adapter/service.ts';
import type { TypeSupport } from '../codec/type-support.ts';
import { MalformedMessage, UnknownType } from '../errors.ts';
import { requestTypeOf, requireTypeName, responseTypeOf } from '../names/type-names.ts';
import type { RosMessage } from '../types/message.ts';

/** Answers a request without decoding it. */
export type SerialisedHandler = (request: Uint8Array) => Promise<Uint8Array> | Uint8Array;

interface Dependencies {
  readonly types: TypeSupport;
  readonly drops: DropCounter;
}

/** Calls a service with decoded messages, through a serialised call. Rejects as `ServiceClient.call` does. */
export async function callTyped(
  { types, drops }: Dependencies,
  client: Pick<ServiceClient, 'type' | 'callSerialised'>,
  request: RosMessage,
  options: CallOptions,
): Promise<RosMessage> {
  const { requests, responses } = await codecsOf(types, client.type);
  const response = await client.callSerialised(requests.encode(request), options);
  try {
    return responses.decode(response);
  } catch (error) {
    if (error instanceof MalformedMessage) drops.count('malformed-response');
    throw error;
  }
}

/** Wraps a handler of messages as a handler of serialised data. Throws `InvalidName` and `UnknownType`. */
export async function serialisedHandler(
  types: TypeSupport,
  type: string,
  handler: ServiceHandler,
): Promise<SerialisedHandler> {
  requireTypeName(type);
  const { requests, responses } = await codecsOf(types, type);
  return async (request) => responses.encode(await handler(requests.decode(request)));
}

async function codecsOf(types: TypeSupport, type: string) {
  const [requests, responses] = await Promise.all([
    types.codec(requestTypeOf(type)),
    types.codec(responseTypeOf(type)),
  ]);
  if (!requests || !responses) throw new UnknownType(`medkit has no definition of ${type}`);
  return { requests, responses };
}
