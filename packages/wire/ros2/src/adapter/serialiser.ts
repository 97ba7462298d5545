import { decodeEncapsulation, MalformedCdr } from '@medkit/rtps';
import type { MessageCodec } from '../codec/message-codec.ts';
import { InvalidMessage, UnknownType } from '../errors.ts';
import type { RosMessage } from '../types/message.ts';

/**
 * Returns a function that converts a publisher's input to serialised data. Uses `codec` if the type has a definition.
 * Throws `InvalidMessage` and `UnknownType`.
 */
export function serialiser(
  type: string,
  codec: MessageCodec | undefined,
): (message: RosMessage | Uint8Array) => Uint8Array {
  return (message) => {
    if (message instanceof Uint8Array) return requireEncapsulation(message);
    if (!codec) throw new UnknownType(`medkit has no definition of ${type}: it can publish only serialised data`);
    return codec.encode(message);
  };
}

/** Returns serialised data unchanged. Throws `InvalidMessage` if it does not start with an encapsulation header. */
export function requireEncapsulation(cdr: Uint8Array): Uint8Array {
  try {
    decodeEncapsulation(cdr);
    return cdr;
  } catch (error) {
    if (error instanceof MalformedCdr) throw new InvalidMessage(error.message);
    throw error;
  }
}
