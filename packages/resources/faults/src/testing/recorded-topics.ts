import { type LoggedSample, packBlock, type SampleBlock } from '../recordings/files/sample-block.ts';
import type { OfferedQos, TapSample, TopicDescription } from '../recordings/tap/tap-provider.ts';

const RELIABLE: OfferedQos = {
  reliability: 'reliable',
  durability: 'volatile',
  history: 'keep_last',
  depth: 10,
  deadlineMs: 1500.25,
  lifespanMs: null,
  liveliness: 'automatic',
  livelinessLeaseMs: null,
};
const LATCHED: OfferedQos = { ...RELIABLE, durability: 'transient_local', depth: 1, deadlineMs: null };

const SEPARATOR = '='.repeat(80);

export const SCAN: TopicDescription = {
  name: '/scan',
  type: 'sensor_msgs/msg/LaserScan',
  offeredQos: [{ ...RELIABLE, reliability: 'best_effort' }],
  definition: `std_msgs/Header header\nfloat32[] ranges\n${SEPARATOR}\nMSG: std_msgs/Header\nstring frame_id\n`,
  typeHash: `RIHS01_${'ab'.repeat(32)}`,
};
export const MAP: TopicDescription = {
  name: '/map',
  type: 'nav_msgs/msg/OccupancyGrid',
  offeredQos: [LATCHED, RELIABLE],
  definition: 'int8[] data\n',
  typeHash: `RIHS01_${'cd'.repeat(32)}`,
};
/** A topic whose type has no definition. */
export const ODD: TopicDescription = {
  name: '/odd',
  type: 'acme_msgs/msg/Odd',
  offeredQos: [],
  definition: undefined,
  typeHash: '',
};

/** 2026-01-01, in nanoseconds. */
export const EPOCH_NS = 1_767_225_600_000_000_000n;

/** Creates a sample of `size` bytes that arrived `ms` after `EPOCH_NS` and was published one millisecond earlier. */
export function sampleAt(ms: number, size = 16, publisher = 'p'): TapSample {
  const receivedNs = EPOCH_NS + BigInt(Math.round(ms * 1e6));
  const octets = new Uint8Array(size).map((_, index) => index * 31 + ms);
  octets.set([0, 1, 0, 0]);
  return { octets, receivedNs, publishedNs: receivedNs - 1_000_000n, publisher };
}

/** Creates a sample of the topic with this index. */
export const logged = (topic: number, sample: TapSample): LoggedSample => ({
  topic,
  sample,
  loggedNs: sample.receivedNs,
});

/** Creates a block of samples of `/scan`, including its name. */
export const scanBlock = (...samples: readonly TapSample[]): SampleBlock =>
  packBlock(
    [SCAN],
    samples.map((sample) => logged(0, sample)),
  );
