import { McapWriter, TempBuffer } from '@mcap/core';
import { openMcapReader } from '@medkit/faults/reading';
import type { AllRules } from '@medkit/gateway/replay';
import { type BagRules, replayBags } from '@medkit/gateway/replay-bags';
import { median } from './process.ts';

const MESSAGES = 300_000;
const ROUNDS = 5;
const TOPIC = '/battery/voltage';

/** A recording of a `Float32` topic at 100 Hz, in chunks of 1 MiB without compression. */
async function recording(): Promise<Uint8Array> {
  const target = new TempBuffer();
  const writer = new McapWriter({ writable: target });
  await writer.start({ profile: 'ros2', library: 'benchmark' });
  const data = new TextEncoder().encode('float32 data\n');
  const schemaId = await writer.registerSchema({ name: 'std_msgs/msg/Float32', encoding: 'ros2msg', data });
  const channelId = await writer.registerChannel({
    topic: TOPIC,
    schemaId,
    messageEncoding: 'cdr',
    metadata: new Map(),
  });
  const octets = new Uint8Array(8);
  octets[1] = 1;
  const view = new DataView(octets.buffer);
  for (let at = 0; at < MESSAGES; at += 1) {
    view.setFloat32(4, 22 + Math.sin(at / 500), true);
    const logTime = 1_790_000_000_000_000_000n + BigInt(at) * 10_000_000n;
    await writer.addMessage({ channelId, sequence: at, logTime, publishTime: logTime, data: octets });
  }
  await writer.end();
  return target.get();
}

function rulesOf(faults: AllRules, threshold: number): BagRules {
  const trigger = {
    number: 1,
    entity: { kind: 'app', id: 'battery' },
    resource: `/api/v1/apps/battery/data${TOPIC}`,
    collection: 'data',
    item: TOPIC,
    condition: { type: 'EnterRange', parameters: { lower_bound: 0, upper_bound: threshold } },
    pointer: '',
    protocol: 'sse',
    multishot: true,
    persistent: true,
  } as const;
  const faultTrigger = {
    appId: 'battery',
    dataName: TOPIC,
    path: '',
    operator: '<',
    threshold,
    faultCode: 'LOW',
    severity: 'ERROR',
    active: true,
  } as const;
  const values = { triggers: new Map([['trig_1', trigger]]), faultTriggers: new Map([['ftr_1', faultTrigger]]) };
  return { values, pollMs: 1000, faults };
}

/**
 * Messages per second of a replay with one trigger and one fault trigger, each with the rules in use and with changed
 * ones, beside a loop that only reads the messages.
 */
export async function measureBags(faults: AllRules): Promise<void> {
  const octets = await recording();
  const open = () =>
    openMcapReader({
      size: async () => BigInt(octets.length),
      read: async (offset, size) => octets.subarray(Number(offset), Number(offset + size)),
      close: async () => undefined,
    });
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    let read = 0;
    for await (const _ of (await open()).messages()) read += 1;
    const readMs = performance.now() - start;
    const begin = performance.now();
    const { messages } = await replayBags(
      [{ name: 'bag', bag: await open() }],
      rulesOf(faults, 21.5),
      rulesOf(faults, 21.3),
    );
    const ms = performance.now() - begin;
    if (read !== MESSAGES || messages !== MESSAGES) throw new Error(`${messages} of ${read} messages were replayed`);
    rates.push(MESSAGES / (ms / 1000));
    ratios.push(ms / readMs);
  }
  console.log(
    `replay of a recording: ${Math.round(median(rates)).toLocaleString('en')} messages/s, ${median(ratios).toFixed(1)} times reading it`,
  );
}
