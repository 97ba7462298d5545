import type { McapTypes } from '@mcap/core';
import { CdrReader, compileDecoder, type RosMessage, readDefinitionText } from '@medkit/ros2/decode';
import { BagProblem, messageOf } from './bag-problem.ts';

export type DecodeMessage = (octets: Uint8Array) => RosMessage;

/** Maximum padding after a serialised message, which may be aligned to four bytes. */
const MAX_PADDING = 3;

/** Returns why messages of a channel cannot be read, as far as this is known without compiling the definition. */
export function channelProblem(
  channel: Pick<McapTypes.Channel, 'messageEncoding'>,
  schema: McapTypes.Schema | undefined,
): BagProblem | undefined {
  if (channel.messageEncoding !== 'cdr') return new BagProblem('encoding', channel.messageEncoding || '?');
  if (schema === undefined || schema.data.length === 0) return new BagProblem('no-definition');
  return schema.encoding === 'ros2msg' ? undefined : new BagProblem('definition-kind', schema.encoding || '?');
}

/**
 * Returns a function that returns the decoder of a schema. Definitions are compiled on first use and cached, because a
 * recording may have thousands. Throws `BagProblem` for an invalid definition.
 */
export function topicDecoders(): (schema: McapTypes.Schema) => DecodeMessage {
  const compiled = new Map<number, DecodeMessage | BagProblem>();
  return (schema) => {
    const known = compiled.get(schema.id) ?? compile(schema);
    compiled.set(schema.id, known);
    if (known instanceof BagProblem) throw known;
    return known;
  };
}

function compile(schema: McapTypes.Schema): DecodeMessage | BagProblem {
  let decode: (reader: CdrReader) => RosMessage;
  try {
    decode = compileDecoder(readDefinitionText(schema.name, new TextDecoder().decode(schema.data)));
  } catch (error) {
    return new BagProblem('definition', messageOf(error));
  }
  return (octets) => {
    const reader = new CdrReader(octets);
    const message = decode(reader);
    if (reader.remaining > MAX_PADDING) throw new BagProblem('left-over', reader.remaining);
    return message;
  };
}
