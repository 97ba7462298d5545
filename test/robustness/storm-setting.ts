import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@medkit/edges/node';
import type { EvidenceSources } from '@medkit/faults';
import { MemorySampler } from '../../packages/resources/faults/src/testing/memory-sampler.ts';
import { MemoryTaps } from '../../packages/resources/faults/src/testing/memory-taps.ts';
import { SCAN } from '../../packages/resources/faults/src/testing/recorded-topics.ts';
import type { RobotOptions } from './robot.ts';

const codes = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

/** Reported repeatedly by a source that never confirms them: their counter is the number of reports on disk. */
export const COUNTED_CODES = codes('COUNTED', 12);
export const COUNTING_SOURCE = '/counting';

/** Confirmed by each report, and cleared now and then. */
export const LIVE_CODES = codes('LIVE', 8);
export const LIVE_SOURCE = '/live';

/** Topics of each capture: those available when a fault is confirmed, and one that the capture has to wait for. */
export const WARM_TOPICS = ['/battery', '/odom'];
export const COLD_TOPIC = '/map';
const COLD_MS = 3;

const SAMPLE_PERIOD_MS = 2;

export interface StormSetting {
  readonly format: 'mcap' | 'sqlite3';
  /** No audit log, or one that fails open or closed. */
  readonly audit: 'none' | 'open' | 'closed';
}

/** Options of a robot with many captures and recordings. */
export const stormOptions = ({ format, audit }: StormSetting, sources: EvidenceSources): RobotOptions => ({
  parameters: {
    'near_miss.max_per_fault': 20,
    'snapshots.default_topics': [...WARM_TOPICS, COLD_TOPIC],
    'snapshots.entity_default': false,
    'snapshots.rosbag.enabled': true,
    'snapshots.rosbag.format': format,
    'snapshots.rosbag.topics': 'all',
    'snapshots.rosbag.exclude_sensor_topics': false,
    'snapshots.rosbag.duration_sec': 0.2,
    'snapshots.rosbag.duration_after_sec': 0.02,
    'snapshots.rosbag.max_bags_per_fault': 3,
    'audit_log.enabled': audit !== 'none',
    'audit_log.fail_closed': audit === 'closed',
  },
  thresholds: { [COUNTING_SOURCE]: { confirmation_threshold: -1_000_000 } },
  sources,
  log: (text) => {
    if (text.startsWith('error')) console.error(text);
  },
});

/** Topics with known types, and with messages while `publish` runs. */
export function stormSources(sampleOctets = 400) {
  const sampler = new MemorySampler();
  for (const topic of WARM_TOPICS) sampler.hold(topic, [{ data: 1 }, { data: 2 }]);
  sampler.offer(COLD_TOPIC, { data: 3 });
  const sample: MemorySampler['sample'] = async (topic, options) => {
    await delay(COLD_MS);
    return MemorySampler.prototype.sample.call(sampler, topic, options);
  };
  const taps = new MemoryTaps(SCAN);
  const octets = new Uint8Array(sampleOctets);
  octets.set([0, 1, 0, 0]);
  const publish = async (): Promise<never> => {
    for (;;) {
      const receivedNs = systemClock.wallNs();
      if (taps.tapped.has(SCAN.name))
        taps.publish(SCAN.name, { octets, receivedNs, publishedNs: receivedNs, publisher: 'lidar' });
      await delay(SAMPLE_PERIOD_MS);
    }
  };
  return { sampler: Object.assign(sampler, { sample }), taps, logs: { between: () => [] }, publish };
}
