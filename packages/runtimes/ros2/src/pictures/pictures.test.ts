import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext, gatewayPrincipal } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { TopicSample } from '@medkit/ros2';
import { decodePng } from '../testing/decode-png.ts';
import { compressedImageCdr, imageCdr } from '../testing/image-cdr.ts';
import { publisherOf, settle, startRuntime } from '../testing/running-runtime.ts';
import { openPictures } from './pictures.ts';

const IMAGE = 'sensor_msgs/msg/Image';
const COMPRESSED = 'sensor_msgs/msg/CompressedImage';
const GRAY = imageCdr({ width: 2, height: 2, encoding: 'mono8', data: Uint8Array.of(1, 2, 3, 4) });
const codeIs =
  (code: string, pattern = /./) =>
  (error: unknown) =>
    error instanceof SovdError && error.code === code && pattern.test(error.message);

const sampleOf = (cdr: Uint8Array, type = IMAGE): TopicSample => ({
  topic: '/image',
  type,
  cdr,
  message: undefined,
  gid: 'g',
  sequenceNumber: 1,
  sourceSeconds: -1,
  sourceNanoseconds: 0,
  receivedMs: 1000,
});

async function withTopic(type: string) {
  const { ros, clock, runtime, figures } = await startRuntime([publisherOf('/image', { type })]);
  const picture = async () =>
    runtime.providers.data!.picture!('/driver', 'image', 640, callContext({ clock, timeoutMs: 5000 }));
  return { ros, clock, picture, figures };
}

describe('picture of a topic', () => {
  it('is the newest image as PNG, and the gateway subscribes only then', async () => {
    const { ros, picture } = await withTopic(IMAGE);
    assert.equal(ros.subscriptions.length, 0);
    const first = picture();
    await settle();
    ros.deliver('/image', {}, { cdr: GRAY, receivedMs: 1_767_225_600_123.5 });
    const { bytes, ...rest } = await first;
    assert.deepEqual(decodePng(bytes), { width: 2, height: 2, channels: 1, bytes: [1, 2, 3, 4] });
    assert.deepEqual(rest, {
      mediaType: 'image/png',
      width: 2,
      height: 2,
      encoding: 'mono8',
      timestampNs: 1_767_225_600_123_500_000n,
    });
    assert.equal(ros.decodings, 0, 'the message is not converted to JSON');
  });

  it('is refused if the topic has no image: no publisher, no sample, another type', async () => {
    const { clock, picture } = await withTopic(IMAGE);
    const late = assert.rejects(picture(), codeIs('x-medkit-ros2-topic-unavailable', /none arrived in time/));
    await settle();
    clock.advance(1000);
    await late;
    const text = await withTopic('std_msgs/msg/String');
    await assert.rejects(text.picture(), codeIs('precondition-not-fulfilled', /they are std_msgs\/msg\/String/));
    assert.equal(text.ros.subscriptions.length, 0);
  });

  it('is a compressed image unchanged, by its content and not by its format', async () => {
    const { ros, picture } = await withTopic(COMPRESSED);
    const jpeg = Uint8Array.from({ length: 40 }, (_, at) => [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 4, 0, 6][at] ?? 0);
    const first = picture();
    await settle();
    ros.deliver('/image', {}, { cdr: compressedImageCdr('png', jpeg) });
    const { bytes, mediaType, width, height, encoding } = await first;
    assert.deepEqual([mediaType, width, height, encoding], ['image/jpeg', 6, 4, 'jpeg']);
    assert.deepEqual(bytes, jpeg);
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"></svg>');
    ros.deliver('/image', {}, { cdr: compressedImageCdr('svg', svg) });
    await assert.rejects(picture(), codeIs('precondition-not-fulfilled', /format "svg".*jpeg, png, webp/));
  });
});

describe('pictures', () => {
  const clock = new SimulatedClock();
  const call = (owner: string) => callContext({ clock, timeoutMs: 5000, principal: gatewayPrincipal(owner) });

  it('are encoded once for all readers of a sample', async () => {
    const pictures = openPictures();
    const sample = sampleOf(GRAY);
    const [one, other] = await Promise.all([pictures.of(sample, 640, call('a')), pictures.of(sample, 640, call('b'))]);
    assert.equal(one.bytes, other.bytes);
    assert.equal((await pictures.of(sample, 640, call('a'))).bytes, one.bytes);
    assert.notEqual((await pictures.of(sample, 320, call('a'))).bytes, one.bytes);
  });

  it('leave room to other clients while one client asks for many', async () => {
    const pictures = openPictures();
    const requests = Array.from({ length: 12 }, () => pictures.of(sampleOf(GRAY), 640, call('greedy')));
    const other = pictures.of(sampleOf(GRAY), 640, call('other'));
    const { held, capacity, largest } = pictures.figures();
    assert.deepEqual([held, capacity, largest], [5, 8, 4]);
    const results = await Promise.allSettled(requests);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 4);
    for (const result of results)
      if (result.status === 'rejected') assert.ok(codeIs('service-unavailable', /already encodes/)(result.reason));
    assert.equal((await other).width, 2);
    assert.equal(pictures.figures().held, 0);
  });

  it('are attempted again after a failure', async () => {
    const pictures = openPictures();
    const sample = sampleOf(imageCdr({ width: 1, height: 1, encoding: 'nv12', data: new Uint8Array(4) }));
    for (let attempt = 0; attempt < 2; attempt += 1)
      await assert.rejects(pictures.of(sample, 640, call('a')), codeIs('precondition-not-fulfilled', /nv12/));
    assert.equal(pictures.figures().held, 0);
  });
});
