import type { McapTypes } from '@mcap/core';
import { CdrReader, compileDecoder, type RosMessage, readDefinitionText } from '@medkit/ros2/decode';
import { BagProblem, messageOf } from './bag-problem.ts';

export type DecodeMessage = (octets: Uint8Array) => RosMessage;

/** Serialised messages may be padded to the next multiple of four. */
const MAX_PADDING = 3;

/** Why messages of a channel are of a kind that is not read, as far as that shows without compiling its definition. */
export function channelProblem(
  channel: Pick<McapTypes.Channel, 'messageEncoding'>,
  schema: McapTypes.Schema | undefined,
): BagProblem | undefined {
  if (channel.messageEncoding !== 'cdr') return new BagProblem('encoding', channel.messageEncoding || '?');
  if (schema === undefined || schema.data.length === 0) return new BagProblem('no-definition');
  return schema.encoding === 'ros2msg' ? undefined : new BagProblem('definition-kind', schema.encoding || '?');
}

/**
 * Functions that read the messages of a schema. A definition is compiled when somebody first asks for it, and once: a recording may
 * have thousands of them. Throws `BagProblem` where a definition makes no sense.
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
