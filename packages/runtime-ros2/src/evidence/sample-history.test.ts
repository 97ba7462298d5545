import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SampleHistory } from './sample-history.ts';

const sample = (octets: number, atMs: number) => ({ octets: new Uint8Array(octets), receivedNs: BigInt(atMs) });

describe('the history of a topic', () => {
  it('keeps the newest sample, and before it a few that tell of seconds', () => {
    const history = new SampleHistory();
    for (let atMs = 0; atMs <= 10_000; atMs += 5) history.push(sample(10, atMs), atMs);
    const times = history.samples.map(({ receivedNs }) => Number(receivedNs));
    assert.equal(times.length, 32);
    assert.equal(times.at(-1), 10_000);
    assert.ok(10_000 - times[0] >= 3000, `${times[0]}`);
  });

  it('has its bounds and the newest sample, whatever comes', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed);
      const history = new SampleHistory();
      let nowMs = 0;
      for (let step = 0; step < 300; step++) {
        nowMs += Math.floor(random.float() * 150);
        const pushed = sample(Math.floor(random.float() ** 8 * 6_000_000), nowMs);
        history.push(pushed, nowMs);
        const { samples, octets } = history;
        assert.equal(samples.at(-1), pushed);
        assert.ok(samples.length <= 32);
        assert.equal(
          octets,
          samples.reduce((sum, each) => sum + each.octets.length, 0),
        );
        assert.ok(octets <= 4 * 1024 * 1024 || samples.length === 1);
        const times = samples.slice(0, -1).map(({ receivedNs }) => Number(receivedNs));
        assert.ok(times.every((time, index) => index === 0 || time - times[index - 1] >= 100));
      }
    }
  });
});
