import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { DataSample } from '@medkit/core';
import { rosNode } from '../testing/fake-ros.ts';
import { publisherOf, settle, startRuntime } from '../testing/running-runtime.ts';

const codeIs = (code: string) => (error: unknown) => error instanceof SovdError && error.code === code;
const LATCHED = { qos: { ...publisherOf('/x').qos, durability: 'transient_local', depth: 1 } } as const;

const LATE = {
  topic: '/scan',
  type: 'std_msgs/msg/String',
  message: undefined,
  gid: 'g',
  sequenceNumber: 1,
  sourceSeconds: 1,
  sourceNanoseconds: 0,
  receivedMs: 1,
};

/** A watcher that records its samples. */
function memory() {
  const samples: DataSample[] = [];
  return {
    samples,
    texts: () => samples.map(({ value }) => (value as { data: string }).data),
    onSample: (sample: DataSample): void => void samples.push(sample),
  };
}

/** A slow watcher: it accepts the next value when the test lets it. */
function slowMemory() {
  const { samples, texts } = memory();
  let ready: () => void = () => undefined;
  const onSample = (sample: DataSample): Promise<void> => {
    samples.push(sample);
    return new Promise<void>((resolve) => {
      ready = resolve;
    });
  };
  return { texts, onSample, ready: () => ready() };
}

describe('a watched topic', () => {
  it('delivers every sample in order, with its arrival time and type', async () => {
    const { ros, watch } = await startRuntime([publisherOf('/scan')]);
    const { samples, texts, onSample } = memory();
    await watch('scan', onSample);
    for (const data of ['a', 'b', 'c']) ros.deliver('/scan', { data }, { receivedMs: 1_767_225_600_123.5 });
    await settle();
    assert.deepEqual(texts(), ['a', 'b', 'c']);
    assert.deepEqual(samples[0], {
      value: { data: 'a' },
      timestampNs: 1_767_225_600_123_500_000n,
      type: 'std_msgs/msg/String',
    });
    const [{ raw, qos, latestOnly } = {}] = ros.subscriptions;
    assert.deepEqual([raw, qos, latestOnly], [true, 'match-publishers', false]);
  });

  it('is subscribed to once and each sample decoded once, whatever watches and reads it', async () => {
    const { ros, watch, read, figures } = await startRuntime([publisherOf('/scan')]);
    const watchers = [memory(), memory(), memory()];
    for (const { onSample } of watchers) await watch('/scan', onSample);
    for (const data of ['a', 'b']) {
      ros.deliver('/scan', { data });
      assert.deepEqual((await read('/scan')).value, { data });
      await settle();
    }
    for (const { texts } of watchers) assert.deepEqual(texts(), ['a', 'b']);
    assert.equal(ros.subscriptions.length, 1);
    assert.equal(ros.decodings, 2);
    const { watched_topics, pool_size, pool_hits, pool_misses } = await figures();
    assert.deepEqual([watched_topics, pool_size, pool_hits, pool_misses], [1, 0, 2, 0]);
  });

  it('is counted without decoding, beside watchers through one subscription', async () => {
    const { ros, watch, arrivals, figures } = await startRuntime([publisherOf('/scan')]);
    const received: number[] = [];
    const counting = await arrivals('/driver', '/scan', (receivedMs) => received.push(receivedMs));
    for (const data of ['a', 'b']) ros.deliver('/scan', { data }, { receivedMs: 1000 });
    await settle();
    assert.deepEqual([received, ros.decodings], [[1000, 1000], 0]);
    const { texts, onSample } = memory();
    await watch('/scan', onSample);
    await counting.close();
    ros.deliver('/scan', { data: 'c' });
    await settle();
    assert.deepEqual([received.length, texts(), ros.decodings], [2, ['c'], 1]);
    assert.equal(ros.subscriptions.length, 1);
    assert.equal((await figures())['watched_topics'], 1);
  });

  it('shares a subscription that a read opened, and returns it to reads', async () => {
    const { ros, watch, read } = await startRuntime([publisherOf('/scan')]);
    const first = read('/scan');
    await settle();
    ros.deliver('/scan', { data: 'old' });
    await first;
    const { texts, onSample } = memory();
    const watching = await watch('/scan', onSample);
    await settle();
    assert.deepEqual((await read('/scan')).value, { data: 'old' });
    ros.deliver('/scan', { data: 'new' });
    await settle();
    assert.deepEqual(texts(), ['new']);
    await watching.close();
    await settle();
    assert.deepEqual((await read('/scan')).value, { data: 'new' });
    assert.deepEqual(
      ros.subscriptions.map(({ latestOnly }) => latestOnly),
      [true],
    );
  });

  it('answers a read that already waits for the first sample', async () => {
    const { ros, watch, read } = await startRuntime([publisherOf('/scan')]);
    const reading = read('/scan');
    await settle();
    const watching = await watch('/scan', () => undefined);
    await watching.close();
    await settle();
    ros.deliver('/scan', { data: 'x' });
    assert.deepEqual((await reading).value, { data: 'x' });
  });

  it('is waited for by reads however many topics are waited for, and uses no slot of those', async () => {
    const topics = ['/a', '/b', '/c'].map((topic) => publisherOf(topic));
    const { ros, watch, read, figures } = await startRuntime(topics, { coldWaitCap: 1 });
    for (const topic of ['/b', '/c']) await watch(topic, () => undefined);
    const reading = ['/b', '/c', '/a'].map((topic) => read(topic));
    await settle();
    assert.equal((await figures())['concurrent_cold_waits'], 1);
    for (const topic of ['/a', '/b', '/c']) ros.deliver(topic, { data: topic });
    assert.deepEqual(
      (await Promise.all(reading)).map(({ id }) => id),
      ['/b', '/c', '/a'],
    );
    assert.equal((await figures())['concurrent_cold_waits'], 0);
  });

  it('is never closed, neither for others nor for being idle', async () => {
    const settings = { maxPoolSize: 1, idleMs: 1000, sweepTickMs: 500 };
    const topics = ['/a', '/b', '/c'].map((topic) => publisherOf(topic));
    const { ros, watch, read, clock } = await startRuntime(topics, settings);
    const { texts, onSample } = memory();
    await watch('/a', onSample);
    for (const topic of ['/b', '/c']) {
      const reading = read(topic);
      await settle();
      ros.deliver(topic, { data: topic });
      await reading;
    }
    clock.advance(60_000);
    await settle();
    assert.deepEqual(
      ros.subscriptions.map(({ topic }) => topic),
      ['/a'],
    );
    ros.deliver('/a', { data: 'still here' });
    await settle();
    assert.deepEqual(texts(), ['still here']);
  });

  it('is waited for without a subscription if it has no publisher yet', async () => {
    const { ros, watch } = await startRuntime();
    const { texts, onSample } = memory();
    await watch('/later', onSample);
    assert.equal(ros.subscriptions.length, 0);
    ros.change({ endpoints: [publisherOf('/later')] });
    await settle();
    ros.deliver('/later', { data: 'now' });
    ros.change({ gone: ['pub /later'] });
    ros.change({ endpoints: [publisherOf('/later', { gid: 'another life' })] });
    ros.deliver('/later', { data: 'again' });
    await settle();
    assert.deepEqual(texts(), ['now', 'again']);
    assert.equal(ros.subscriptions.length, 1);
  });

  it('is followed to another type', async () => {
    const { ros, watch, figures } = await startRuntime([publisherOf('/a')]);
    const { samples, onSample } = memory();
    await watch('/a', onSample);
    ros.deliver('/a', { data: 'text' });
    ros.change({ gone: ['pub /a'] });
    ros.change({ endpoints: [publisherOf('/a', { gid: 'other', type: 'sensor_msgs/msg/LaserScan' })] });
    await settle();
    ros.deliver('/a', { ranges: [1] }, { gid: 'other' });
    await settle();
    assert.deepEqual(
      samples.map(({ type }) => type),
      ['std_msgs/msg/String', 'sensor_msgs/msg/LaserScan'],
    );
    assert.deepEqual(
      ros.subscriptions.map(({ type }) => type),
      ['sensor_msgs/msg/LaserScan'],
    );
    assert.equal((await figures())['type_change_events'], 1);
  });

  it("has for each node the type of that node's endpoint, also while others have another one", async () => {
    const scan = { gid: 'scan', node: '/lidar', type: 'sensor_msgs/msg/LaserScan' };
    const { ros, runtime, watchOf, figures } = await startRuntime([publisherOf('/a', { gid: 'text' })]);
    const [driver, lidar] = [memory(), memory()];
    await watchOf('/driver', '/a', driver.onSample);
    ros.change({ nodes: [rosNode('/lidar')], endpoints: [publisherOf('/a', scan)] });
    ros.change({ endpoints: [publisherOf('/a', { ...scan, gid: 'second scan' })] });
    const watching = await watchOf('/lidar', '/a', lidar.onSample);
    await settle();
    assert.deepEqual(ros.subscriptions.map(({ type }) => type).sort(), [scan.type, 'std_msgs/msg/String']);
    ros.deliver('/a', { data: 'x' });
    await settle();
    const typesOf = ({ samples }: typeof driver) => samples.map(({ type }) => type);
    assert.deepEqual([typesOf(driver), typesOf(lidar)], [['std_msgs/msg/String'], [scan.type]]);
    assert.equal((await figures())['type_change_events'], 0);
    await watching.close();
    await settle();
    assert.deepEqual(
      ros.subscriptions.map(({ type }) => type),
      ['std_msgs/msg/String'],
    );
    await runtime.stop();
  });

  it('sends the last sample to a late watcher if its publishers of that type are latched, whatever those of other types are', async () => {
    const other = publisherOf('/map', { gid: 'other', node: '/other', type: 'sensor_msgs/msg/LaserScan' });
    const { ros, watchOf } = await startRuntime([publisherOf('/map', LATCHED), other]);
    await watchOf('/driver', '/map', () => undefined);
    ros.deliver('/map', { data: 'kept' });
    await settle();
    const late = memory();
    await watchOf('/driver', '/map', late.onSample);
    await settle();
    assert.deepEqual(late.texts(), ['kept']);
  });

  it('sends the last sample to a late watcher if its publishers are latched, and no sample twice', async () => {
    const { ros, watch, read } = await startRuntime([publisherOf('/map', LATCHED), publisherOf('/scan')]);
    for (const topic of ['/map', '/scan']) {
      const reading = read(topic);
      await settle();
      ros.deliver(topic, { data: 'kept' }, { sequenceNumber: 1, sourceSeconds: 1 });
      await reading;
    }
    const [map, scan] = [memory(), memory()];
    const watches = [await watch('/map', map.onSample), await watch('/scan', scan.onSample)];
    ros.deliver('/map', { data: 'kept' }, { sequenceNumber: 1, sourceSeconds: 1 });
    await settle();
    assert.deepEqual([map.texts(), scan.texts()], [['kept'], []]);
    const stored = await Promise.all(watches.map((each) => each.kept?.()));
    assert.deepEqual(
      stored.map((sample) => sample?.value),
      [{ data: 'kept' }, undefined],
    );
    const late = memory();
    await watch('/map', late.onSample);
    await settle();
    assert.deepEqual([map.texts(), late.texts()], [['kept'], ['kept']]);
  });

  it('is refused if it cannot be subscribed to, and leaves nothing behind', async () => {
    const { ros, watch, figures } = await startRuntime([publisherOf('/scan')]);
    ros.subscribeError = new Error('no memory for a reader');
    await assert.rejects(
      watch('/scan', () => undefined),
      codeIs('x-medkit-subscribe-failed'),
    );
    assert.equal((await figures())['watched_topics'], 0);
    ros.subscribeError = undefined;
    await watch('/scan', () => undefined);
    assert.equal(ros.subscriptions.length, 1);
  });

  it('is subscribed to again after a failure, when others use the topic, also if it is read meanwhile', async () => {
    const { ros, watch, read } = await startRuntime();
    const { texts, onSample } = memory();
    await watch('/scan', onSample);
    ros.subscribeError = new Error('no memory for a reader');
    ros.change({ endpoints: [publisherOf('/scan')] });
    await settle();
    ros.subscribeError = undefined;
    const reading = read('/scan');
    await settle();
    ros.change({ endpoints: [publisherOf('/scan', { gid: 'another' })] });
    await settle();
    ros.deliver('/scan', { data: 'x' });
    await reading;
    assert.deepEqual(texts(), ['x']);
    assert.equal(ros.subscriptions.length, 1);
  });

  it('is limited in number', async () => {
    const { watch, figures } = await startRuntime();
    for (let topic = 0; topic < 1024; topic++) await watch(`/topic${topic}`, () => undefined);
    await assert.rejects(
      watch('/another', () => undefined),
      codeIs('service-unavailable'),
    );
    await watch('/topic7', () => undefined);
    assert.equal((await figures())['watched_topics'], 1024);
  });

  it('leaves room for topics of others while one owner watches as many as it can', async () => {
    const { watch } = await startRuntime();
    let watched = 0;
    const isBound = codeIs('rate-limit-exceeded');
    await assert.rejects(async () => {
      for (; ; watched += 1) await watch(`/topic${watched}`, () => undefined, undefined, 'user:greedy');
    }, isBound);
    assert.equal(watched, 512);
    await watch('/topic511', () => undefined, undefined, 'user:greedy');
    await watch('/another', () => undefined, undefined, 'user:other');
  });
});

describe('a watch', () => {
  it('ends immediately, whatever is still to be decoded', async () => {
    const { ros, watch, figures } = await startRuntime([publisherOf('/scan')]);
    const [left, stays] = [memory(), memory()];
    const leaving = await watch('/scan', left.onSample);
    const staying = await watch('/scan', stays.onSample);
    ros.deliver('/scan', { data: 'late' });
    const ending = leaving.close();
    await settle();
    await ending;
    assert.deepEqual([left.texts(), stays.texts()], [[], ['late']]);
    await leaving.close();
    await staying.close();
    await settle();
    assert.equal(ros.subscriptions.length, 0);
    assert.equal((await figures())['watched_topics'], 0);
    ros.deliver('/scan', { data: 'later' });
    assert.equal(ros.decodings, 1, 'nobody wants it');
  });

  it('leaves nothing behind if its call is aborted before it began', async () => {
    const { ros, watch, figures } = await startRuntime([publisherOf('/scan')]);
    const { texts, onSample } = memory();
    const abort = new AbortController();
    const watching = watch('/scan', onSample, abort.signal);
    abort.abort();
    await assert.rejects(watching, codeIs('service-unavailable'));
    ros.deliver('/scan', { data: 'x' });
    await settle();
    assert.deepEqual(texts(), []);
    assert.equal(ros.subscriptions.length, 0);
    assert.equal((await figures())['watched_topics'], 0);
    await assert.rejects(watch('/scan', onSample, AbortSignal.abort()), codeIs('service-unavailable'));
  });

  it('does not end when its call ends after it began', async () => {
    const { ros, watch } = await startRuntime([publisherOf('/scan')]);
    const { texts, onSample } = memory();
    const abort = new AbortController();
    await watch('/scan', onSample, abort.signal);
    abort.abort();
    ros.deliver('/scan', { data: 'x' });
    await settle();
    assert.deepEqual(texts(), ['x']);
  });

  it('ends with the runtime', async () => {
    const { ros, runtime, watch } = await startRuntime([publisherOf('/scan')]);
    const { texts, onSample } = memory();
    const watching = await watch('/scan', onSample);
    const [{ onSample: deliver } = {}] = ros.subscriptions;
    await runtime.stop();
    assert.equal(ros.subscriptions.length, 0);
    deliver?.({ ...LATE, cdr: new TextEncoder().encode('{}') });
    await settle();
    assert.deepEqual(texts(), []);
    await watching.close();
  });

  it('that is slow receives the newest value next, and skipped samples are not decoded', async () => {
    const { ros, watch } = await startRuntime([publisherOf('/scan')]);
    const { texts, onSample, ready } = slowMemory();
    await watch('/scan', onSample);
    for (let sample = 1; sample <= 100; sample++) {
      ros.deliver('/scan', { data: `${sample}` });
      if (sample === 1) await settle();
    }
    assert.deepEqual([texts(), ros.decodings], [['1'], 1]);
    ready();
    await settle();
    assert.deepEqual([texts(), ros.decodings], [['1', '100'], 2]);
    ready();
    await settle();
    assert.deepEqual(texts(), ['1', '100']);
    ros.deliver('/scan', { data: '101' });
    await settle();
    assert.deepEqual(texts(), ['1', '100', '101']);
  });

  it('that is slow delays no other watch, and receives nothing out of order', async () => {
    const { ros, watch } = await startRuntime([publisherOf('/scan')]);
    const [slow, fast] = [slowMemory(), memory()];
    await watch('/scan', slow.onSample);
    await watch('/scan', fast.onSample);
    for (let sample = 1; sample <= 9; sample++) {
      ros.deliver('/scan', { data: `${sample}` });
      if (sample % 3 === 0) slow.ready();
      if (sample % 4 === 0) await settle();
    }
    await settle();
    slow.ready();
    await settle();
    assert.deepEqual(fast.texts(), ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const received = slow.texts().map(Number);
    assert.deepEqual(
      received,
      [...new Set(received)].sort((a, b) => a - b),
    );
    assert.equal(received.at(-1), 9);
  });

  it('that throws still receives the next samples, and so do the others', async () => {
    const { ros, watch, seen } = await startRuntime([publisherOf('/scan')]);
    const { texts, onSample } = memory();
    await watch('/scan', () => {
      throw new Error('no room');
    });
    await watch('/scan', async () => {
      throw new Error('no time');
    });
    await watch('/scan', onSample);
    for (const data of ['a', 'b']) ros.deliver('/scan', { data });
    await settle();
    assert.deepEqual(texts(), ['a', 'b']);
    assert.match(seen.logged.join('\n'), /\/scan.*no room[\s\S]*no time/);
  });

  it('drops the oldest if samples arrive faster than they are decoded, and counts them', async () => {
    const { ros, watch, figures } = await startRuntime([publisherOf('/scan')]);
    const { texts, onSample } = memory();
    await watch('/scan', onSample);
    for (let sample = 1; sample <= 100; sample++) ros.deliver('/scan', { data: `${sample}` });
    await settle();
    // The first sample is being decoded when the others arrive.
    assert.deepEqual([texts()[0], texts()[1], texts().at(-1), texts().length], ['1', '37', '100', 65]);
    assert.equal((await figures())['dropped_watch_samples'], 35);
    const images = new Uint8Array(9 * 1024 * 1024);
    for (let image = 0; image < 4; image++) ros.deliver('/scan', undefined, { cdr: images });
    await settle();
    assert.equal((await figures())['dropped_watch_samples'], 37);
  });
});
