import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TokenBucket } from './token-bucket.ts';

const taken = (bucket: TokenBucket, nowMs: number, tries: number): number =>
  Array.from({ length: tries }, () => bucket.take(nowMs)).filter(Boolean).length;

it('it is full at first, and gets a token back after a minute divided by its size', () => {
  const bucket = new TokenBucket(60, 5000);
  assert.equal(taken(bucket, 5000, 70), 60);
  assert.deepEqual([bucket.remaining, bucket.msUntil(1)], [0, 1000]);
  assert.equal(taken(bucket, 5999, 1), 0);
  assert.equal(taken(bucket, 6000, 2), 1);
});

it('it holds no more tokens than those of a minute, however long it was unused', () => {
  const bucket = new TokenBucket(3, 0);
  assert.equal(taken(bucket, 0, 3), 3);
  assert.equal(taken(bucket, 3_600_000, 5), 3);
});

it('fractions of tokens add up', () => {
  const bucket = new TokenBucket(7, 0);
  assert.equal(taken(bucket, 0, 7), 7);
  // The waiting time is exact: a client that waits this long is admitted.
  const waitMs = bucket.msUntil(1);
  assert.ok(!bucket.take(waitMs / 3));
  assert.ok(!bucket.take((2 * waitMs) / 3));
  assert.ok(bucket.take(waitMs));
});

it('a cost above the available tokens takes nothing', () => {
  const bucket = new TokenBucket(60, 0);
  assert.equal(taken(bucket, 0, 50), 50);
  assert.ok(!bucket.take(0, 20));
  assert.deepEqual([bucket.remaining, bucket.msUntil(20)], [10, 10_000]);
  assert.ok(bucket.take(10_000, 20));
});

it('a cost above the capacity takes all tokens, instead of being refused for ever', () => {
  const bucket = new TokenBucket(10, 0);
  assert.ok(bucket.take(0, 20));
  assert.deepEqual([bucket.remaining, bucket.msUntil(20)], [0, 60_000]);
});
