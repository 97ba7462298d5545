import type { Static, TSchema } from 'typebox';
import type { TopicName } from '../protocol/topics.ts';
import { MalformedMessage } from './malformed-message.ts';
import { parseJson } from './parse-json.ts';
import { schemaCheck } from './schema-check.ts';

/** Creates a decoder for a topic. It throws `MalformedMessage` if the message, after `prepare`, violates the schema. */
export function messageReader<S extends TSchema>(
  topic: TopicName,
  schema: S,
  prepare: (message: unknown) => unknown = (message) => message,
): (octets: Uint8Array) => Static<S> {
  const problemOf = schemaCheck(schema);
  return (octets) => {
    const message = prepare(parseJson(octets));
    const problem = problemOf(message);
    if (problem !== undefined) throw new MalformedMessage(`${topic}: ${problem}`);
    return message as Static<S>;
  };
}
