import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Peer, type PeerOptions, startPeer } from '../test/interop/peer.ts';
import { peersMissing, type Vendor, vendors } from '../test/interop/peer-programs.ts';
import { median } from './process.ts';
import { BENCHMARK_DOMAIN } from './stage.ts';

const ROUNDS = 3;
const environment = {
  ...process.env,
  ROS_DOMAIN_ID: String(BENCHMARK_DOMAIN),
  ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
};

interface Tally {
  readonly count: number;
  readonly lost: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentMb: number;
}

/** Throughput, loss and latency of a medkit reader and writer compared with the C and C++ ones of the same vendor. */
export async function wire(): Promise<void> {
  if (peersMissing) {
    console.log(peersMissing);
    return;
  }
  for (const vendor of vendors) {
    await flatOut(vendor, 'reliable', 100_000);
    await flatOut(vendor, 'best effort', 100_000);
    for (const rate of [500, 1000])
      await paced(vendor, '64 KB', `std_msgs/msg/String size=65536 rate=${rate} count=${rate * 5}`);
    await paced(vendor, '1 MB', 'std_msgs/msg/String size=1048576 rate=10 count=50');
    await paced(vendor, '100 B', 'std_msgs/msg/String size=92 rate=1000 count=5000');
    for (const rate of [500, 1000]) {
      await paced(
        vendor,
        '64 KB, receive buffer of 208 KiB,',
        `std_msgs/msg/String size=65536 rate=${rate} count=${rate * 5}`,
        '212992',
      );
    }
  }
  await publishing();
}

/** The vendor's writer at its maximum rate, to the vendor's reader and to medkit's in turn. */
async function flatOut(vendor: Vendor, mode: 'reliable' | 'best effort', count: number): Promise<void> {
  const qos = mode === 'reliable' ? 'keep_all' : 'best_effort keep_all';
  const publish = `pub /bench std_msgs/msg/String size=92 count=${count} wait=1 quiet ${qos}`;
  const ratios: number[] = [];
  const rates: number[] = [];
  let lost = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await vendorReads(vendor, publish, `sub /bench std_msgs/msg/String quiet ${qos}`);
    const ours = await medkitReads(vendor, publish, mode === 'best effort' ? ['--best-effort'] : []);
    ratios.push(ours.count / ours.seconds / theirs);
    rates.push(ours.count / ours.seconds);
    lost += count - ours.count;
  }
  console.log(
    `${vendor}, 100 B ${mode}, flat out: ${median(rates).toFixed(0)}/s, ${median(ratios).toFixed(2)} of the vendor's own reader ` +
      `(${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}), ${lost} of ${ROUNDS * count} lost`,
  );
}

/** A fixed rate to medkit's reader alone. */
async function paced(vendor: Vendor, name: string, publish: string, buffer?: string): Promise<void> {
  const tally = await medkitReads(
    vendor,
    `pub /bench ${publish} wait=1 quiet keep_all`,
    buffer ? ['--buffer', buffer] : [],
  );
  const [, rate, count] = /rate=(\d+) count=(\d+)/.exec(publish) ?? [];
  console.log(
    `${vendor}, ${name} at ${rate}/s: ${tally.count} of ${count}, p50 ${tally.p50Ms.toFixed(1)} ms, p99 ${tally.p99Ms.toFixed(1)} ms, ` +
      `${((100 * tally.cpuSeconds) / tally.seconds).toFixed(0)} % of a core, ${tally.residentMb.toFixed(0)} MB`,
  );
}

async function publishing(): Promise<void> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using _reader = await startPeer(peer('cyclone', 'sub /bench std_msgs/msg/String quiet keep_all'));
    const writer = fork(join(import.meta.dirname, 'writer.ts'), { env: environment });
    const [{ count, seconds }] = (await once(writer, 'message')) as [{ count: number; seconds: number }];
    rates.push(count / seconds);
    writer.disconnect();
    await once(writer, 'exit');
  }
  console.log(`publishing 100 B reliable to a Cyclone reader: ${median(rates).toFixed(0)}/s, all acknowledged`);
}

const peer = (vendor: Vendor, ...commands: string[]): PeerOptions => ({ vendor, domainId: BENCHMARK_DOMAIN, commands });

/** Returns the samples a second that the vendor's reader receives. */
async function vendorReads(vendor: Vendor, publish: string, subscribe: string): Promise<number> {
  await using reader: Peer & AsyncDisposable = await startPeer(peer(vendor, subscribe));
  await using writer: Peer & AsyncDisposable = await startPeer(peer(vendor, publish));
  await writer.event('finished', '/bench', 60_000);
  reader.command('tally');
  const { count, seconds } = await reader.event('tally', '/bench');
  return count / seconds;
}

async function medkitReads(vendor: Vendor, publish: string, options: readonly string[]): Promise<Tally> {
  const reader = fork(join(import.meta.dirname, 'reader.ts'), options, { env: environment });
  await once(reader, 'message');
  await using writer: Peer & AsyncDisposable = await startPeer(peer(vendor, publish));
  await writer.event('finished', '/bench', 60_000);
  const reply = once(reader, 'message');
  reader.send('tell');
  const [tally] = (await reply) as [Tally];
  reader.disconnect();
  await once(reader, 'exit');
  return tally;
}
