import { McapWriter, type McapWriterOptions, TempBuffer } from '@mcap/core';

/** Start of the written recordings, nanoseconds since 1970. */
export const BEGAN_NS = 1_790_000_000_000_000_000n;

/** A topic with its values by seconds after `BEGAN_NS`. */
export interface WrittenTopic {
  readonly name: string;
  readonly type: string;
  /** Definition as rosbag2 writes it; empty for none. */
  readonly definition: string;
  readonly messages: readonly (readonly [second: number, octets: Uint8Array])[];
}

/** Returns a topic of `std_msgs/msg/Float32`, serialized as CDR. */
export function floats(name: string, values: readonly (readonly [second: number, value: number])[]): WrittenTopic {
  const messages = values.map(([second, value]) => {
    const octets = new Uint8Array(8);
    octets[1] = 1;
    new DataView(octets.buffer).setFloat32(4, value, true);
    return [second, octets] as const;
  });
  return { name, type: 'std_msgs/msg/Float32', definition: 'float32 data\n', messages };
}

/** Writes a recording in MCAP with the library of Foxglove and the channels of rosbag2. */
export async function writeBag(
  topics: readonly WrittenTopic[],
  options: Partial<McapWriterOptions> = {},
): Promise<Uint8Array> {
  const target = new TempBuffer();
  const writer = new McapWriter({ writable: target, ...options });
  await writer.start({ profile: 'ros2', library: 'another recorder' });
  const messages = [];
  for (const { name, type, definition, messages: written } of topics) {
    const data = new TextEncoder().encode(definition);
    const schemaId = await writer.registerSchema({ name: type, encoding: definition && 'ros2msg', data });
    const channelId = await writer.registerChannel({
      topic: name,
      schemaId,
      messageEncoding: 'cdr',
      metadata: new Map(),
    });
    for (const [second, octets] of written) {
      messages.push({ channelId, logTime: BEGAN_NS + BigInt(Math.round(second * 1000)) * 1_000_000n, octets });
    }
  }
  messages.sort((a, b) => Number(a.logTime - b.logTime));
  for (const { channelId, logTime, octets: data } of messages)
    await writer.addMessage({ channelId, sequence: 0, logTime, publishTime: logTime, data });
  await writer.end();
  return target.get();
}
