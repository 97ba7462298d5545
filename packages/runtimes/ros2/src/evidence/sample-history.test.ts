import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SampleHistory } from './sample-history.ts';

const ALL = Number.NEGATIVE_INFINITY;
const sample = (octets: number, atMs: number) => ({ octets: new Uint8Array(octets), receivedNs: BigInt(atMs) });
const timesIn = (history: SampleHistory, sinceMs = ALL) =>
  history.since(sinceMs).map(({ receivedNs }) => Number(receivedNs));

describe('the history of a topic', () => {
  it('has the newest sample, and the earlier ones of the requested time, however often they arrive', () => {
    for (const periodMs of [5, 33, 100, 250]) {
      const history = new SampleHistory();
      let nowMs = 0;
      for (; nowMs <= 30_000; nowMs += periodMs) history.push(sample(52, nowMs), nowMs, nowMs - 10_000);
      const times = timesIn(history);
      const newest = nowMs - periodMs;
      assert.equal(times.at(-1), newest);
      assert.ok(times.length <= 101 && times.length >= 10_000 / Math.max(periodMs, 150), `${times.length}`);
      assert.ok(times[0] > newest - 10_000 && times[0] <= newest - 9_500, `${periodMs}: from ${times[0]}`);
    }
  });

  it('has the newest sample however old it is, and only that one if no other followed', () => {
    const history = new SampleHistory();
    for (const atMs of [0, 500, 1000]) history.push(sample(8, atMs), atMs, atMs - 10_000);
    assert.deepEqual(timesIn(history, 50_000), [1000]);
    history.push(sample(8, 60_000), 60_000, 50_000);
    assert.deepEqual(timesIn(history), [60_000]);
  });

  it('holds only the newest of large samples', () => {
    const history = new SampleHistory();
    for (const atMs of [0, 500, 1000]) history.push(sample(100_000, atMs), atMs, ALL);
    assert.deepEqual([timesIn(history), history.octets], [[1000], 100_000]);
  });

  it('holds the newest sample and stays within its bounds, whatever arrives', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed);
      const history = new SampleHistory();
      let nowMs = 0;
      for (let step = 0; step < 1000; step++) {
        nowMs += Math.floor(random.float() * 150);
        const pushed = sample(Math.floor(random.float() ** 4 * 6000), nowMs);
        history.push(pushed, nowMs, ALL);
        const samples = history.since(ALL);
        assert.equal(samples.at(-1), pushed);
        assert.equal(
          history.octets,
          samples.reduce((sum, each) => sum + each.octets.length, 0),
        );
        assert.ok(history.octets <= 1024 * 1024);
        const times = timesIn(history).slice(0, -1);
        assert.ok(times.every((time, index) => index === 0 || time - times[index - 1] >= 100));
      }
    }
  });
});
