import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BufferedTopic } from '@medkit/faults';
import { evidenceScene, LATCHED_QOS } from '../testing/evidence-scene.ts';
import { publisherOf, settle, subscriptionOf } from '../testing/running-runtime.ts';

const HISTORY_MS = 10_000;

const values = (held: BufferedTopic | undefined) =>
  held?.samples.map(({ octets }) => JSON.parse(new TextDecoder().decode(octets)));

describe('the samples that a sampler holds', () => {
  it('are the history of watched topics, from the first publisher on', async () => {
    const { sampler, ros, clock } = await evidenceScene(subscriptionOf('/late'));
    sampler.watch(['/late', '/never'], HISTORY_MS);
    assert.equal(ros.subscriptions.length, 0);
    ros.change({ endpoints: [publisherOf('/late')] });
    assert.equal(sampler.held('/late'), undefined);
    for (const value of [1, 2, 3]) {
      ros.deliver('/late', value);
      clock.advance(200);
    }
    const held = sampler.held('/late');
    assert.deepEqual(values(held), [1, 2, 3]);
    assert.deepEqual([held?.topic, held?.type], ['/late', 'std_msgs/msg/String']);
    assert.equal(sampler.held('/never'), undefined);
  });

  it('outlive the publisher, and continue with the next', async () => {
    const { sampler, ros, clock } = await evidenceScene(publisherOf('/a'));
    sampler.watch(['/a'], HISTORY_MS);
    ros.deliver('/a', 'last words', { gid: 'first' });
    ros.change({ gone: ['pub /a', '/driver'] });
    clock.advance(60_000);
    assert.deepEqual(values(sampler.held('/a')), ['last words']);
    ros.change({ endpoints: [publisherOf('/a', { gid: 'second' })] });
    ros.deliver('/a', 'hello', { gid: 'second', sequenceNumber: 1 });
    assert.deepEqual(values(sampler.held('/a')), ['hello']);
    assert.equal(ros.subscriptions.length, 1);
  });

  it('restart if the topic has another type', async () => {
    const { sampler, ros } = await evidenceScene(publisherOf('/a'));
    sampler.watch(['/a'], HISTORY_MS);
    ros.deliver('/a', 'text');
    ros.change({ gone: ['pub /a'] });
    ros.change({ endpoints: [publisherOf('/a', { type: 'geometry_msgs/msg/Twist' })] });
    await settle();
    assert.equal(sampler.held('/a'), undefined);
    ros.deliver('/a', 'twist');
    assert.equal(sampler.held('/a')?.type, 'geometry_msgs/msg/Twist');
    assert.equal(ros.subscriptions.length, 1);
  });

  it('are collected no longer than they are needed', async () => {
    const { sampler, ros, close } = await evidenceScene(publisherOf('/a'), publisherOf('/b'));
    for (let round = 0; round < 1000; round++) sampler.watch(round % 2 === 0 ? ['/a'] : ['/b'], HISTORY_MS);
    await settle();
    assert.deepEqual(
      ros.subscriptions.map(({ topic }) => topic),
      ['/b'],
    );
    await close();
    await settle();
    assert.equal(ros.subscriptions.length, 0);
  });

  it('are tried again if the topic could not be subscribed to', async () => {
    const { sampler, ros, logged } = await evidenceScene(publisherOf('/a'));
    ros.subscribeError = new Error('no room');
    sampler.watch(['/a'], HISTORY_MS);
    await settle();
    assert.deepEqual(logged, ['Could not subscribe to /a: no room']);
    ros.subscribeError = undefined;
    ros.change({ endpoints: [subscriptionOf('/a')] });
    ros.deliver('/a', 1);
    assert.deepEqual(values(sampler.held('/a')), [1]);
  });

  it('have a bound in bytes over all topics, and spare the small ones', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `/image${index}`);
    const { sampler, ros, clock } = await evidenceScene(
      publisherOf('/small'),
      ...names.map((name) => publisherOf(name)),
    );
    sampler.watch(['/small', ...names], HISTORY_MS);
    ros.deliver('/small', 'first');
    for (let round = 0; round < 4; round++) {
      for (const name of names) ros.deliver(name, undefined, { cdr: new Uint8Array(2_000_000) });
      clock.advance(100);
    }
    const octets = names
      .flatMap((name) => sampler.held(name)?.samples ?? [])
      .reduce((sum, sample) => sum + sample.octets.length, 0);
    assert.ok(octets > 60_000_000 && octets <= 64 * 1024 * 1024, `${octets}`);
    assert.deepEqual(values(sampler.held('/small')), ['first']);
    sampler.watch([], HISTORY_MS);
  });

  it('are of no more topics than there is room for', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `/t${index}`);
    const { sampler, ros, logged } = await evidenceScene(...names.map((name) => publisherOf(name)));
    sampler.watch(names, HISTORY_MS);
    assert.equal(ros.subscriptions.length, 256);
    assert.match(logged[0], /first 256/);
  });

  it('are available to readers of data too, which does not count as use', async () => {
    const { sampler, ros, pool, clock } = await evidenceScene(publisherOf('/a'));
    assert.equal(sampler.held('/a'), undefined);
    const warm = pool.open('/a', 'std_msgs/msg/String');
    assert.equal(sampler.held('/a'), undefined);
    ros.deliver('/a', 5);
    clock.advance(1000);
    assert.deepEqual(values(sampler.held('/a')), [5]);
    assert.equal(warm.usedMs, 0);
  });
});

describe('a sample', () => {
  const options = (timeoutMs = 1000) => ({ timeoutMs, signal: new AbortController().signal });

  it('is the next message', async () => {
    const { sampler, ros, clock } = await evidenceScene(publisherOf('/a'));
    const sampled = sampler.sample('/a', options());
    ros.deliver('/a', 1);
    ros.deliver('/a', 2);
    assert.deepEqual(values(await sampled)?.[0], 1);
    await settle();
    assert.deepEqual([ros.subscriptions.length, clock.timers], [0, 0]);
  });

  it('of a latched topic is its whole history, newest last', async () => {
    const { sampler, ros, clock } = await evidenceScene(publisherOf('/map', { qos: { ...LATCHED_QOS, depth: 3 } }));
    const sampled = sampler.sample('/map', options());
    for (const value of [1, 2, 3]) {
      ros.deliver('/map', value);
      clock.advance(1);
    }
    clock.advance(20);
    assert.deepEqual(values(await sampled), [1, 2, 3]);
    await settle();
    assert.deepEqual([ros.subscriptions.length, clock.timers], [0, 0]);
  });

  it('is not waited for if the topic has no publisher', async () => {
    const { sampler, ros } = await evidenceScene(subscriptionOf('/a'));
    assert.equal(await sampler.sample('/a', options()), undefined);
    assert.equal(await sampler.sample('/unknown', options()), undefined);
    assert.equal(ros.subscriptions.length, 0);
  });

  it('leaves nothing behind after a time-out', async () => {
    const { sampler, ros, clock } = await evidenceScene(publisherOf('/a'));
    const sampled = Array.from({ length: 1000 }, () => sampler.sample('/a', options()));
    clock.advance(1000);
    assert.ok((await Promise.all(sampled)).every((held) => held === undefined));
    await settle();
    assert.deepEqual([ros.subscriptions.length, clock.timers], [0, 0]);
  });

  it('leaves nothing behind when it is aborted, before it began as well', async () => {
    const { sampler, ros, clock } = await evidenceScene(publisherOf('/a'));
    const abort = new AbortController();
    const sampled = Array.from({ length: 1000 }, () => sampler.sample('/a', { timeoutMs: 1000, signal: abort.signal }));
    abort.abort();
    sampled.push(sampler.sample('/a', { timeoutMs: 1000, signal: abort.signal }));
    assert.ok((await Promise.all(sampled)).every((held) => held === undefined));
    await settle();
    assert.deepEqual([ros.subscriptions.length, clock.timers], [0, 0]);
  });

  it('fails if the topic cannot be subscribed to', async () => {
    const { sampler, ros, clock } = await evidenceScene(publisherOf('/a'));
    ros.subscribeError = new Error('no room');
    await assert.rejects(sampler.sample('/a', options()), { message: 'no room' });
    assert.equal(clock.timers, 0);
  });

  it('is available for the topics that a source publishes, as JSON', async () => {
    const { sampler } = await evidenceScene(publisherOf('/a'), subscriptionOf('/b', { node: '/driver' }));
    assert.deepEqual(sampler.publishedBy('/driver'), ['/a']);
    assert.equal(sampler.publishedBy('driver'), undefined);
    const octets = new TextEncoder().encode('{"data":"x"}');
    assert.deepEqual(await sampler.decode('std_msgs/msg/String', octets), { data: 'x' });
    assert.equal(await sampler.decode('acme_msgs/msg/Odd', octets), undefined);
  });
});
