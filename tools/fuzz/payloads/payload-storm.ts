import { type Random, seededRandom } from '@medkit/edges';
import { InvalidMessage, MalformedMessage } from '@medkit/ros2';
import { MalformedCdr } from '@medkit/rtps';
import { compileCodec, type MessageCodec } from '../../../packages/wire/ros2/src/codec/message-codec.ts';
import { bundledInterfaces } from '../../../packages/wire/ros2/src/definitions/bundled/bundled.ts';
import {
  decodeDiscoveryInfo,
  encodeDiscoveryInfo,
  type NodeEntities,
} from '../../../packages/wire/ros2/src/graph/discovery-info.ts';
import { randomMessage } from '../../../packages/wire/ros2/src/testing/random-message.ts';
import { bundledSource } from '../../../packages/wire/ros2/src/types/type-source.ts';
import { TypeStore } from '../../../packages/wire/ros2/src/types/type-store.ts';
import { MemoryWatch } from '../memory-watch.ts';
import { InvariantViolated, rate, type Stage, tally } from '../stage.ts';
import { corruptJson } from './corrupt-json.ts';
import { corruptPayload } from './corrupt-payload.ts';

/** No payload is stored, so this is an allowance for V8. */
const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;
/**
 * Maximum time to decode a payload of some kilobytes; longer means superlinear work. Far above a hiccup of the machine.
 */
const MAX_DECODE_MS = 2000;
/** Number of corrupted payloads for each new valid payload of a type. */
const SPOILED_PER_VALID = 10;

/** Decodes corrupted payloads of every bundled type and of `ros_discovery_info`; encodes arbitrary JSON. */
export const payloadStorm: Stage = async ({ seed, count, deadlineMs, progress }) => {
  const random = seededRandom(seed);
  const codecs = await bundledCodecs();
  const outcomes = { decoded: 0, refused: 0, encoded: 0, invalid: 0, 'discovery decoded': 0, 'discovery refused': 0 };
  const memory = new MemoryWatch(MEMORY_LIMIT_BYTES);
  const startedMs = performance.now();
  let slowestMs = 0;
  let done = 0;
  let subject = '';
  let last: unknown;
  try {
    while (done < count && performance.now() < deadlineMs) {
      const codec = codecs[Math.floor(random.float() * codecs.length)];
      subject = codec.type.name;
      const message = randomMessage(codec.type, random);
      const valid = codec.encode(message, { littleEndian: random.float() < 0.8 });
      for (let times = 0; times < SPOILED_PER_VALID; times += 1, done += 1) {
        const payload = corruptPayload(valid, random);
        last = Buffer.from(payload).toString('hex');
        const beganMs = performance.now();
        outcomes[decodes(codec, payload) ? 'decoded' : 'refused'] += 1;
        const tookMs = performance.now() - beganMs;
        slowestMs = Math.max(slowestMs, tookMs);
        if (tookMs > MAX_DECODE_MS)
          throw new InvariantViolated(`${payload.length} octets took ${Math.round(tookMs)} ms`);
      }
      const json = corruptJson(codec.toJson(message), random);
      last = json;
      outcomes[encodes(codec, json, random) ? 'encoded' : 'invalid'] += 1;
      subject = 'ros_discovery_info';
      const info = corruptPayload(randomDiscoveryInfo(random), random);
      last = Buffer.from(info).toString('hex');
      outcomes[decodesDiscoveryInfo(info) ? 'discovery decoded' : 'discovery refused'] += 1;
      if (done % 20_000 === 0)
        progress(`${done.toLocaleString('en')} payloads, ${rate(done, startedMs)}, ${memory.sample()}`);
    }
    memory.sample();
    return [
      `${done.toLocaleString('en')} payloads of ${codecs.length} types, ${rate(done, startedMs)}, ` +
        `slowest ${slowestMs.toFixed(1)} ms`,
      memory.figures(),
      tally(outcomes),
    ];
  } catch (error) {
    throw new InvariantViolated(
      `${subject}: ${(error as Error).stack ?? error}\n` +
        `again: npm run fuzz -- --only payloads --seed ${seed} (payload ${done})\n` +
        `the payload: ${typeof last === 'string' ? last : describe(last)}`,
      { cause: error },
    );
  }
};

/** Returns the codecs of all messages and of the requests and responses of all services. */
async function bundledCodecs(): Promise<readonly MessageCodec[]> {
  const store = new TypeStore({ sources: [bundledSource] });
  const names = (await bundledInterfaces()).flatMap((name) => {
    if (name.includes('/msg/')) return [name];
    return name.includes('/srv/') ? [`${name}_Request`, `${name}_Response`] : [];
  });
  const known = await Promise.all(names.map((name) => store.find(name)));
  return known.flatMap((each) => (each ? [compileCodec(each.type)] : []));
}

function decodes(codec: MessageCodec, payload: Uint8Array): boolean {
  try {
    codec.toJson(codec.decode(payload));
    return true;
  } catch (error) {
    if (error instanceof MalformedMessage) return false;
    throw error;
  }
}

function encodes(codec: MessageCodec, json: unknown, { float }: Random): boolean {
  try {
    const payload = codec.encode(json as never, { strict: float() < 0.5 });
    codec.decode(payload);
    return true;
  } catch (error) {
    if (error instanceof InvalidMessage) return false;
    throw error;
  }
}

function decodesDiscoveryInfo(payload: Uint8Array): boolean {
  try {
    decodeDiscoveryInfo(payload);
    return true;
  } catch (error) {
    if (error instanceof MalformedCdr) return false;
    throw error;
  }
}

function randomDiscoveryInfo(random: Random): Uint8Array {
  const pick = (limit: number) => Math.floor(random.float() * limit);
  const gid = () => Buffer.from(random.bytes(16)).toString('hex');
  const gids = () => Array.from({ length: pick(5) }, gid);
  const node = (): NodeEntities => ({
    namespace: '/'.repeat(pick(3)),
    name: 'n'.repeat(pick(20)),
    readers: gids(),
    writers: gids(),
  });
  const nodes = Array.from({ length: pick(4) }, node);
  return encodeDiscoveryInfo({ gid: gid(), nodes }, random.float() < 0.5 ? 16 : 24);
}

const describe = (value: unknown): string =>
  JSON.stringify(value, (_key, member) => (typeof member === 'bigint' ? `${member}n` : member));
