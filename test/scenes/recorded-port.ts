import { zstdDecompressSync } from 'node:zlib';
import { McapIndexedReader } from '@mcap/core';

/** A value of a port at a time of its runtime, microseconds. */
export type PortMoment = readonly [timeUs: number, value: number];

/** Reads a port of the safety gate from a recording: a message for each state, with every port in 8 bytes. */
export async function recordedPort(octets: Uint8Array, port: string): Promise<readonly PortMoment[]> {
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: async () => BigInt(octets.length),
      read: async (offset, length) => octets.slice(Number(offset), Number(offset + length)),
    },
    decompressHandlers: { zstd: (chunk) => new Uint8Array(zstdDecompressSync(chunk)) },
  });
  const moments: PortMoment[] = [];
  for await (const { channelId, data } of reader.readMessages({ topics: ['/safety_gate/ports'] })) {
    const schemaId = reader.channelsById.get(channelId)?.schemaId;
    const definition = new TextDecoder().decode(reader.schemasById.get(schemaId ?? 0)?.data);
    const fields = definition.split('\n').map((line) => line.split(' ')[1]);
    const view = new DataView(data.buffer, data.byteOffset + 4);
    moments.push([Number(view.getBigUint64(0, true)), view.getFloat64(8 * fields.indexOf(port), true)]);
  }
  return moments;
}
