import { type ChildProcess, fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Peer, startPeer } from '../test/interop/peer.ts';
import { peersMissing } from '../test/interop/peer-programs.ts';
import { BENCHMARK_DOMAIN } from './stage.ts';

/** Message sizes in bytes. Every topic publishes 100 KB a second, 20 MB in total. */
const SIZES = [1, 2, 4, 8, 16, 32, 64].map((kilo) => kilo * 1024);
const TOPICS = 200;
const OCTETS_PER_TOPIC = 100_000;
const WARM_UP_MS = 6000;
const MEASURED_MS = 10_000;

const environment = {
  ...process.env,
  ROS_DOMAIN_ID: String(BENCHMARK_DOMAIN),
  ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
};

interface Tally {
  readonly messages: number;
  readonly octets: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMb: number;
  readonly stallMs: number;
  readonly ringSamples: number;
  readonly ringMb: number;
  readonly crowdedOut: number;
}

/**
 * Cost of buffering the last five seconds of 200 topics with 20 MB a second. Compared with the same subscriptions
 * without a consumer, and with a bare socket that receives the same messages as datagrams.
 */
export async function blackBox(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  const baseline = await baselineDatagrams();
  await using _robot: Peer & AsyncDisposable = await startPeer({
    vendor: 'cyclone',
    domainId: BENCHMARK_DOMAIN,
    commands: ['node /robot', ...Array.from({ length: TOPICS }, (_, index) => publish(index))],
  });
  const taps = await measured(['taps']);
  const box = await measured(['box'], async (listener) => {
    const { size, messageCount, leftOut, durationMs, stallMs } = await ask(listener, 'record');
    console.log(
      `a recording of ${(durationMs / 1000).toFixed(1)} s: ${messageCount} messages, ${(size / 1e6).toFixed(0)} MB on disk, ` +
        `${leftOut} left out, the main thread was kept for ${stallMs.toFixed(0)} ms at most`,
    );
  });
  const threaded = await measured(['box', 'own-thread']);
  console.log(`bare socket: ${formatTally(baseline)}`);
  console.log(
    `subscriptions alone: ${formatTally(taps)}, ${(share(taps) / share(baseline)).toFixed(2)} of the bare socket`,
  );
  console.log(`black box: ${formatTally(box)}, ${(share(box) / share(baseline)).toFixed(2)} of the bare socket`);
  console.log(`black box, DDS in its own thread: ${formatTally(threaded)}`);
  console.log(
    `ring: ${box.ringSamples} messages, ${box.ringMb.toFixed(0)} MB, ${box.crowdedOut} crowded out; ` +
      `the main thread was kept for ${box.stallMs.toFixed(0)} ms at most`,
  );
}

const sizeOf = (index: number): number => SIZES[index % SIZES.length] as number;
const rateOf = (index: number): number => OCTETS_PER_TOPIC / sizeOf(index);

const publish = (index: number): string =>
  `pub /sensor${index} std_msgs/msg/String size=${sizeOf(index) - 9} rate=${rateOf(index).toFixed(2)} best_effort quiet`;

/** Returns what a listener reports about ten seconds of the robot's traffic. `then` may send it further requests. */
async function measured(modes: readonly string[], then?: (listener: ChildProcess) => Promise<void>): Promise<Tally> {
  const listener = start(...modes);
  await once(listener, 'message');
  const tally = await tallyOf(listener);
  await then?.(listener);
  listener.disconnect();
  await once(listener, 'exit');
  return tally;
}

async function baselineDatagrams(): Promise<Tally> {
  const listener = start('bare');
  const [{ port }] = (await once(listener, 'message')) as [{ port: number }];
  const socket = createSocket('udp4');
  const due = Array.from({ length: TOPICS }, () => 0);
  // A datagram cannot hold a full 64 KB.
  const datagrams = SIZES.map((size) => Buffer.alloc(Math.min(size, 65_000)));
  let lastMs = performance.now();
  const sending = setInterval(() => {
    const nowMs = performance.now();
    for (let index = 0; index < TOPICS; index += 1) {
      due[index] = (due[index] ?? 0) + (rateOf(index) * (nowMs - lastMs)) / 1000;
      for (; (due[index] ?? 0) >= 1; due[index] = (due[index] ?? 0) - 1) {
        socket.send(datagrams[index % SIZES.length] as Buffer, port, '127.0.0.1');
      }
    }
    lastMs = nowMs;
  }, 2);
  const tally = await tallyOf(listener);
  clearInterval(sending);
  socket.close();
  listener.disconnect();
  await once(listener, 'exit');
  return tally;
}

const start = (...modes: readonly string[]): ChildProcess =>
  fork(join(import.meta.dirname, 'black-box-listener.ts'), modes, { env: environment });

async function tallyOf(listener: ChildProcess): Promise<Tally> {
  await pause(WARM_UP_MS);
  await ask(listener, 'tell');
  await pause(MEASURED_MS);
  return (await ask(listener, 'tell')) as unknown as Tally;
}

async function ask(listener: ChildProcess, word: string): Promise<Readonly<Record<string, number>>> {
  const reply = once(listener, 'message');
  listener.send(word);
  return (await reply)[0];
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Share of one core. */
const share = ({ cpuSeconds, seconds }: Tally): number => cpuSeconds / seconds;

const formatTally = (tally: Tally): string =>
  `${(tally.messages / tally.seconds).toFixed(0)} messages/s, ${(tally.octets / tally.seconds / 1e6).toFixed(1)} MB/s, ` +
  `${(100 * share(tally)).toFixed(1)} % of a core, ${tally.residentMb.toFixed(0)} MB`;
