import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { TapSample } from '../tap/tap-provider.ts';
import { type RingBounds, ringBounds, weightOf } from './ring-bounds.ts';
import { type RingSample, SampleRing } from './sample-ring.ts';

let count = 0;
/** A sample with a unique arrival time in nanoseconds. */
const sample = (size = 10, publisher = 'p'): TapSample => ({
  octets: new Uint8Array(size),
  receivedNs: BigInt(++count),
  publishedNs: undefined,
  publisher,
});
const ring = (bounds: Partial<RingBounds> = {}) =>
  new SampleRing({ ...ringBounds(1000, 1_000_000), maxTopicWeight: 1_000_000, ...bounds });
const contents = (held: readonly RingSample[]) => held.map(({ sample }) => sample);
const weigh = (held: readonly RingSample[]) => contents(held).reduce((sum, one) => sum + weightOf(one), 0);

describe('the ring', () => {
  it('stores samples of all topics in order of arrival, without copying them', () => {
    const it = ring();
    const [scan, odom] = [it.topic('/scan'), it.topic('/odom')];
    const [first, second, third] = [sample(), sample(), sample()];
    it.push(scan, first, 0);
    it.push(odom, second, 5);
    it.push(scan, third, 5);
    const window = it.window(10);
    assert.deepEqual(
      window.samples.map(({ topic }) => topic.name),
      ['/scan', '/odom', '/scan'],
    );
    assert.equal(window.samples[1].sample, second);
    assert.equal(window.samples[2].arrivedMs, 5);
  });

  it('drops samples that are older than its window, also when nothing new arrives', () => {
    const it = ring({ windowMs: 1000 });
    const topic = it.topic('/scan');
    for (const atMs of [0, 500, 1000]) it.push(topic, sample(), atMs);
    assert.equal(it.window(1000).samples.length, 3);
    assert.equal(it.window(1001).samples.length, 2);
    assert.deepEqual(it.window(3_600_000), { latched: [], samples: [] });
    assert.equal(it.facts().weight, 0);
  });

  it('drops the oldest sample of a topic beyond its limit, and no sample of another topic', () => {
    const it = ring({ maxTopicWeight: 3 * weightOf(sample(100)) });
    const [camera, odom] = [it.topic('/camera'), it.topic('/odom')];
    const odometry = sample();
    it.push(odom, odometry, 0);
    const images = Array.from({ length: 10 }, () => sample(100));
    for (const image of images) it.push(camera, image, 1);
    assert.deepEqual(contents(it.window(1).samples), [odometry, ...images.slice(-3)]);
    assert.equal(it.facts().crowdedOut, 7);
  });

  it('rejects a sample beyond the limit of a topic, and keeps its content', () => {
    const it = ring({ maxTopicWeight: 1000 });
    const topic = it.topic('/camera');
    it.push(topic, sample(), 0);
    it.push(topic, sample(1000), 1);
    assert.equal(it.window(1).samples.length, 1);
    assert.equal(it.facts().tooLarge, 1);
  });

  it('keeps the last of a latched topic beyond the window, for each publisher, and none of another topic', () => {
    const it = ring();
    const [map, scan] = [it.topic('/map'), it.topic('/scan')];
    map.latchedDepth = 1;
    const [old, left, right] = [sample(10, 'left'), sample(10, 'left'), sample(10, 'right')];
    for (const one of [old, left, right]) it.push(map, one, 0);
    it.push(scan, sample(), 0);
    const window = it.window(3_600_000);
    assert.deepEqual(contents(window.latched), [left, right]);
    assert.deepEqual(window.samples, []);
    it.forget(map);
    assert.deepEqual(it.window(3_600_000).latched, []);
  });

  it('keeps the map even if the window is full', () => {
    const it = ring({ maxWeight: 4000, maxLatchedWeight: 1000 });
    const [map, scan] = [it.topic('/map'), it.topic('/scan')];
    map.latchedDepth = 1;
    const theMap = sample(500);
    it.push(map, theMap, 0);
    for (let at = 0; at < 100; at += 1) it.push(scan, sample(700), at);
    assert.deepEqual(contents(it.window(100).latched), [theMap]);
  });

  it('keeps the latched samples of other topics while one topic exceeds the total limit', () => {
    const it = ring({ maxLatchedWeight: 4 * weightOf(sample(100)) });
    const [description, flood] = [it.topic('/robot_description'), it.topic('/flood')];
    description.latchedDepth = 1;
    flood.latchedDepth = 1;
    const text = sample(100, 'robot');
    it.push(description, text, 0);
    for (let n = 0; n < 20; n += 1) it.push(flood, sample(100, `flood${n}`), 0);
    assert.ok(contents(it.window(3_600_000).latched).includes(text));
  });

  it('drops the latched samples of the longest silent publisher if they exceed the limit', () => {
    const it = ring({ maxLatchedWeight: 2 * weightOf(sample()) });
    const tf = it.topic('/tf_static');
    tf.latchedDepth = 1;
    for (const publisher of ['a', 'b', 'a', 'c']) it.push(tf, sample(10, publisher), 0);
    assert.deepEqual(
      contents(it.window(5000).latched).map(({ publisher }) => publisher),
      ['a', 'c'],
    );
  });

  it('never exceeds a limit and never changes the order', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(random.float() * limit);
      const [maxTopicWeight, maxLatchedWeight] = [2000 + below(10_000), below(3000)];
      const bounds: RingBounds = {
        windowMs: 1 + below(200),
        maxWeight: maxTopicWeight + maxLatchedWeight + below(30_000),
        maxTopicWeight,
        maxLatchedWeight,
        maxSamples: 1 + below(60),
      };
      const it = new SampleRing(bounds);
      const topics = Array.from({ length: 5 }, (_, index) => it.topic(`/t${index}`));
      for (const topic of topics.slice(3)) topic.latchedDepth = 1 + below(3);
      let nowMs = 0;
      for (let step = 0; step < 400; step += 1) {
        nowMs += below(20);
        const topic = topics[below(topics.length)];
        const pushed = sample(below(3000), `p${below(3)}`);
        it.push(topic, pushed, nowMs);
        const { latched, samples } = it.window(nowMs);
        const context = `seed ${seed}, step ${step}`;
        assert.ok(weigh(samples) + weigh(latched) <= bounds.maxWeight, context);
        assert.equal(it.facts().weight, weigh(samples) + weigh(latched), context);
        assert.ok(weigh(latched) <= bounds.maxLatchedWeight, context);
        assert.ok(samples.length <= bounds.maxSamples, context);
        assert.equal(it.facts().samples, samples.length, context);
        assert.ok(nowMs - (samples[0]?.arrivedMs ?? nowMs) <= bounds.windowMs, context);
        for (const { name } of topics) {
          const ofTopic = samples.filter(({ topic }) => topic.name === name);
          assert.ok(weigh(ofTopic) <= bounds.maxTopicWeight, context);
        }
        const order = contents(samples).map(({ receivedNs }) => receivedNs);
        assert.deepEqual(
          order,
          order.toSorted((a, b) => Number(a - b)),
          context,
        );
        if (weightOf(pushed) <= bounds.maxTopicWeight) assert.equal(samples.at(-1)?.sample, pushed, context);
        assert.ok(
          contents(latched).every((one) => !contents(samples).includes(one)),
          context,
        );
      }
    }
  });
});
