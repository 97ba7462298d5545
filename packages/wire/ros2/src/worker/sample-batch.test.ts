import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type BatchedSample, buffersOf, packSamples, unpackSamples, weightOf } from './sample-batch.ts';

function sample(cdr: Uint8Array, fields: Partial<BatchedSample> = {}): BatchedSample {
  return { cdr, gid: 'aa', sequenceNumber: 1, sourceSeconds: -1, sourceNanoseconds: 0, receivedMs: 0.5, ...fields };
}

function unpacked(batch: ReturnType<typeof packSamples>): (readonly [number, BatchedSample])[] {
  const out: (readonly [number, BatchedSample])[] = [];
  unpackSamples(batch, (subscription, one) => out.push([subscription, one]));
  return out;
}

describe('a batch of samples', () => {
  it('returns its samples in order, also after the transfer to another thread', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(random.float() * limit);
      const samples = Array.from({ length: below(40) }, () => {
        const cdr = random.bytes(random.float() < 0.2 ? 4090 + below(5000) : below(200));
        return [
          below(2 ** 40),
          sample(cdr, {
            gid: `${below(5)}`,
            sequenceNumber: 2 ** 52 + below(1000),
            ...(random.float() < 0.5 && { sourceSeconds: 1_800_000_000, sourceNanoseconds: below(1e9) }),
            receivedMs: 1.7e12 + random.float(),
          }),
        ] as const;
      });
      const batch = packSamples(samples);
      const sent = structuredClone(batch, { transfer: [...buffersOf(batch)] });
      assert.deepEqual(unpacked(sent), samples, `seed ${seed}`);
      assert.equal(
        sent.weightBytes,
        samples.reduce((sum, [, one]) => sum + weightOf(one), 0),
      );
    }
  });

  it('does not transfer the datagram that contains a sample', () => {
    const datagram = new Uint8Array(20_000).fill(7);
    const samples = [datagram.subarray(40, 140), datagram.subarray(200, 19_000)].map(
      (cdr) => [1, sample(cdr)] as const,
    );
    const batch = packSamples(samples);
    structuredClone(batch, { transfer: [...buffersOf(batch)] });
    assert.equal(datagram.byteLength, 20_000);
    assert.equal(samples[0][1].cdr[0], 7);
  });

  it('keeps a large sample out of the buffer that small ones share', () => {
    const large = new Uint8Array(100_000);
    const [[, small], [, alone]] = unpacked(
      packSamples([
        [1, sample(Uint8Array.of(1, 2))],
        [1, sample(large)],
      ]),
    );
    assert.ok(small.cdr.buffer.byteLength < 1000);
    assert.equal(alone.cdr.buffer.byteLength, large.byteLength);
  });
});
