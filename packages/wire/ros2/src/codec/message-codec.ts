import { CdrReader, CdrWriter, MalformedCdr } from '@medkit/rtps';
import { InvalidMessage, MalformedMessage } from '../errors.ts';
import { compileToJson } from '../json/to-json.ts';
import type { JsonObject, JsonValue, RosMessage } from '../types/message.ts';
import type { MessageType } from '../types/message-type.ts';
import { compileDecoder } from './compile-decoder.ts';
import { compileEncoder } from './compile-encoder.ts';

/** Encodes and decodes messages of one type. */
export interface MessageCodec {
  readonly type: MessageType;
  /** Decodes serialised data, which starts with its encapsulation header. Throws `MalformedMessage`. */
  decode(cdr: Uint8Array): RosMessage;
  /** Encodes a message or its JSON. Missing fields get their defaults. Throws `InvalidMessage`. */
  encode(message: RosMessage | JsonValue, options?: EncodeOptions): Uint8Array;
  toJson(message: RosMessage): JsonObject;
}

export interface EncodeOptions {
  /** Reject fields that the type does not have (default: ignore them). */
  readonly strict?: boolean;
  readonly littleEndian?: boolean;
}

/** Serialised data may be padded to a multiple of four octets. */
const MAX_PADDING_BYTES = 3;

/** Compiles encoder and decoder of a type once, so that the definition is not interpreted for each message. */
export function compileCodec(type: MessageType): MessageCodec {
  const decode = compileDecoder(type);
  const encode = compileEncoder(type);
  return {
    type,
    toJson: compileToJson(type),
    decode(cdr) {
      try {
        const reader = new CdrReader(cdr);
        const message = decode(reader);
        // Remaining octets indicate another definition of the type, so the decoded values are wrong as well.
        if (reader.remaining > MAX_PADDING_BYTES) {
          throw new MalformedMessage(`${type.name}: the message has ${reader.remaining} octets more than its type`);
        }
        return message;
      } catch (error) {
        if (error instanceof MalformedCdr) throw new MalformedMessage(`${type.name}: ${error.message}`);
        throw error;
      }
    },
    encode(message, { strict = false, littleEndian = true } = {}) {
      if (typeof message !== 'object' || message === null || Array.isArray(message)) {
        throw new InvalidMessage(`expected an object with the fields of ${type.name}`);
      }
      const writer = new CdrWriter({ littleEndian });
      encode({ writer, path: [], strict }, message);
      return writer.finish();
    },
  };
}
