import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { BufferedTopic } from '../topic-sampler.ts';
import { recentValues } from './recent-values.ts';

const CHANNEL = { name: '/scan', runtime: 'ros2' };
const ALL = { sinceNs: 0n, limit: 1000 };

/** A topic with a sample at each of these times, which decodes to the time. */
const topic = (times: readonly number[], more: Partial<BufferedTopic> = {}): BufferedTopic => ({
  topic: '/scan',
  type: 'x/msg/X',
  samples: times.map((time) => ({ octets: new TextEncoder().encode(String(time)), receivedNs: BigInt(time) })),
  ...more,
});

async function recent({ held, recorded }: { held?: BufferedTopic; recorded?: BufferedTopic }, query = ALL) {
  let decoded = 0;
  const decode = async (_type: string, octets: Uint8Array) => {
    decoded++;
    const n = Number(new TextDecoder().decode(octets.subarray(0, 8)));
    if (Number.isNaN(n)) throw new Error('not of its type');
    return { n };
  };
  const found = await recentValues(
    { recordings: { recent: () => recorded }, sampler: { held: () => held, decode } },
    CHANNEL,
    query,
  );
  const times = found.values.map(({ timeNs }) => Number(timeNs));
  return { found, times, decoded: () => decoded };
}

describe('cached past values', () => {
  it('come from recordings or freeze frames, whichever goes back further, and state their start', async () => {
    const longer = await recent({ held: topic([3, 4]), recorded: topic([1, 2, 3]) });
    assert.deepEqual([longer.times, longer.found.storedFor, longer.found.fromNs], [[1, 2, 3], 'recordings', 1n]);
    assert.deepEqual(longer.found.values[0], { timeNs: 1n, value: { n: 1 } });
    const watched = await recent({ held: topic([1, 4]), recorded: topic([]) });
    assert.deepEqual([watched.times, watched.found.storedFor], [[1, 4], 'freeze_frames']);
    const silent = await recent({ recorded: topic([]) });
    assert.deepEqual([silent.times, silent.found.storedFor], [[], 'recordings']);
  });

  it('are absent if nothing stores the topic, or only a data reader does', async () => {
    for (const topics of [{}, { held: topic([1], { isForReaders: true }) }]) {
      await assert.rejects(recent(topics), (error) => {
        assert.ok(error instanceof SovdError && error.code === 'precondition-not-fulfilled');
        for (const name of ['/scan', 'snapshots.background_capture', 'snapshots.rosbag.enabled'])
          assert.ok(error.message.includes(name), error.message);
        return true;
      });
    }
  });

  it('have the requested time span at most, thinned evenly and with the last value', async () => {
    const times = Array.from({ length: 100 }, (_none, at) => at + 1);
    const { times: remaining, found, decoded } = await recent({ recorded: topic(times) }, { sinceNs: 41n, limit: 10 });
    assert.deepEqual(remaining, [46, 52, 58, 64, 70, 76, 82, 88, 94, 100]);
    assert.deepEqual([found.fromNs, found.omitted, decoded()], [41n, 50, 10]);
  });

  it('are limited to 4 MiB in total, with at least the last', async () => {
    const large = (time: number) => ({ octets: new Uint8Array(1024 * 1024).fill(48), receivedNs: BigInt(time) });
    const of = (count: number) => topic([], { samples: Array.from({ length: count }, (_none, at) => large(at + 1)) });
    assert.deepEqual((await recent({ recorded: of(16) })).times, [4, 8, 12, 16]);
    const huge = { octets: new Uint8Array(8 * 1024 * 1024).fill(48), receivedNs: 1n };
    assert.deepEqual((await recent({ recorded: topic([], { samples: [huge] }) })).times, [1]);
  });

  it('omit values of another type', async () => {
    const broken = { octets: new TextEncoder().encode('broken'), receivedNs: 2n };
    const { times, found } = await recent({ recorded: topic([1], { samples: [...topic([1]).samples, broken] }) });
    assert.deepEqual([times, found.omitted], [[1], 1]);
  });
});
