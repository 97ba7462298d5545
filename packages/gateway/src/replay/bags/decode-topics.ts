import { errorMessage, type JsonObject, resolveName } from '@medkit/core';
import { compileCodec } from '@medkit/ros2';
import { readDefinitionText } from '@medkit/ros2/decode';
import type { NamedBag } from './merge-bags.ts';

/** Decodes a serialized message of one topic to the JSON that the gateway returns. Throws if the message is malformed. */
type Decode = (octets: Uint8Array) => JsonObject;

/** A topic of a recording that can be decoded, or the reason why it cannot. */
export type RecordedItem = { readonly type: string; readonly decode: Decode } | { readonly problem: string };

/** Compiles a type once per definition, also for topics of several recordings. */
export function topicDecoders(): (bag: NamedBag, topic: string) => RecordedItem {
  const byDefinition = new Map<string, RecordedItem>();
  const byTopic = new Map<NamedBag, Map<string, RecordedItem>>();
  return (from, name) => {
    const known = byTopic.get(from) ?? new Map<string, RecordedItem>();
    byTopic.set(from, known);
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const { type = '', definition } = from.bag.topics.find((topic) => topic.name === name) ?? {};
    const key = `${type}\n${definition}`;
    const item = byDefinition.get(key) ?? compiled(type, definition);
    byDefinition.set(key, item);
    known.set(name, item);
    return item;
  };
}

function compiled(type: string, definition: string | undefined): RecordedItem {
  if (definition === undefined) {
    return {
      problem: `The recording has no ros2msg definition of ${type || 'its type'}: convert it to MCAP with \`ros2 bag convert\``,
    };
  }
  try {
    const { decode, toJson } = compileCodec(readDefinitionText(type, definition));
    return { type, decode: (octets) => toJson(decode(octets)) };
  } catch (error) {
    return { problem: `The definition of ${type} is invalid: ${errorMessage(error)}` };
  }
}

/** Returns the topic of the recordings that a data item names, or the reason why there is none. */
export function recordedTopic(
  topics: ReadonlySet<string>,
  item: string,
): { readonly topic: string } | { readonly problem: string } {
  const { things } = resolveName([...topics], item, (name) => ({ name, node: undefined }));
  const [topic, second] = things;
  if (topic === undefined) return { problem: `The recordings have no topic ${item}` };
  if (second === undefined) return { topic };
  return { problem: `Several topics end with ${item}: ${things.slice(0, 3).join(', ')}. Name the whole topic` };
}
