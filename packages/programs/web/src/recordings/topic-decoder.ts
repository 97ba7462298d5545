import type { McapTypes } from '@mcap/core';
import { CdrReader, compileDecoder, type RosMessage, readDefinitionText } from '@medkit/ros2/decode';
import { BagProblem, messageOf } from './bag-problem.ts';

export type DecodeMessage = (octets: Uint8Array) => RosMessage;

/** Serialised messages may be padded to the next multiple of four. */
const MAX_PADDING = 3;

/** A function that reads the messages of a channel. Throws `BagProblem` where they are of a kind that is not read. */
export function topicDecoder(channel: McapTypes.Channel, schema: McapTypes.Schema | undefined): DecodeMessage {
  if (channel.messageEncoding !== 'cdr') throw new BagProblem('encoding', channel.messageEncoding || '?');
  if (schema === undefined || schema.data.length === 0) throw new BagProblem('no-definition');
  if (schema.encoding !== 'ros2msg') throw new BagProblem('definition-kind', schema.encoding || '?');
  let decode: (reader: CdrReader) => RosMessage;
  try {
    decode = compileDecoder(readDefinitionText(schema.name, new TextDecoder().decode(schema.data)));
  } catch (error) {
    throw new BagProblem('definition', messageOf(error));
  }
  return (octets) => {
    const reader = new CdrReader(octets);
    const message = decode(reader);
    if (reader.remaining > MAX_PADDING) throw new BagProblem('left-over', reader.remaining);
    return message;
  };
}
