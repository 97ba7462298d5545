import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subscription, TopicSample } from '../adapter/adapter.ts';
import { DEFAULT_PROFILE } from '../qos/profiles.ts';
import { MAX_LISTENERS, OnDemandTopic } from './on-demand-topic.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A topic of numbers whose subscriptions open on request. */
function topicOfNumbers({ latched = false } = {}) {
  const opening: PromiseWithResolvers<void>[] = [];
  const open: ((sample: TopicSample) => void)[] = [];
  const failures: unknown[] = [];
  const topic = new OnDemandTopic<number>({
    topic: '/numbers',
    latched,
    read: ({ message }) => message?.['data'] as number | undefined,
    onFailure: (error) => failures.push(error),
    async subscribe(onSample): Promise<Subscription> {
      const gate = Promise.withResolvers<void>();
      opening.push(gate);
      await gate.promise;
      open.push(onSample);
      const close = async () => void open.splice(open.indexOf(onSample), 1);
      return { topic: '/numbers', type: 'x', qos: DEFAULT_PROFILE, close };
    },
  });
  const publish = (data?: number) => {
    const message = data === undefined ? undefined : { data };
    for (const onSample of open) onSample({ message } as TopicSample);
  };
  return { topic, opening, open, failures, publish };
}

test('a topic is subscribed to once, while it has a listener', async () => {
  const { topic, opening, open, publish } = topicOfNumbers();
  await topic.subscribed();
  assert.equal(opening.length, 0);
  const received: string[] = [];
  const listener = (value: number) => void received.push(`same ${value}`);
  const stops = [
    topic.listen(listener),
    topic.listen(listener),
    topic.listen((value) => received.push(`other ${value}`)),
  ];
  opening[0].resolve();
  await topic.subscribed();
  publish(1);
  publish(undefined);
  stops[0]();
  stops[0]();
  publish(2);
  assert.deepEqual(received, ['same 1', 'same 1', 'other 1', 'same 2', 'other 2']);
  for (const stop of stops) stop();
  await settle();
  assert.deepEqual([opening.length, open.length], [1, 0]);
});

test('nothing stays open if the last listener stops during the opening, and the next gets a new subscription', async () => {
  const { topic, opening, open, publish } = topicOfNumbers();
  topic.listen(() => assert.fail('it has stopped'))();
  const received: number[] = [];
  topic.listen((value) => received.push(value));
  opening[1].resolve();
  await topic.subscribed();
  opening[0].resolve();
  await settle();
  assert.equal(open.length, 1);
  publish(3);
  assert.deepEqual(received, [3]);
  await topic.close();
  assert.equal(open.length, 0);
});

test('samples of an old subscription are not delivered', async () => {
  const { topic, opening, open } = topicOfNumbers();
  const stop = topic.listen(() => assert.fail('it has stopped'));
  opening[0].resolve();
  await topic.subscribed();
  const [old] = open;
  stop();
  const received: number[] = [];
  topic.listen((value) => received.push(value));
  old({ message: { data: 1 } } as unknown as TopicSample);
  assert.deepEqual(received, []);
  opening[1].resolve();
  await topic.close();
});

test('a subscription that cannot be opened is reported, and tried again by the next listener', async () => {
  const { topic, opening, open, failures } = topicOfNumbers();
  topic.listen(() => undefined);
  opening[0].reject(new Error('not now'));
  await assert.rejects(topic.subscribed(), { message: 'not now' });
  assert.deepEqual(failures, [new Error('not now')]);
  const again = topic.subscribed();
  opening[1].resolve();
  await again;
  assert.equal(open.length, 1);
  await topic.close();
});

test('a late listener of a latched topic receives the last value, after its call has returned', async () => {
  const { topic, opening, publish } = topicOfNumbers({ latched: true });
  const stopFirst = topic.listen(() => undefined);
  opening[0].resolve();
  await topic.subscribed();
  publish(5);
  const received: number[] = [];
  const stop = topic.listen((value) => {
    received.push(value);
    stop();
  });
  topic.listen(() => assert.fail('it has stopped before'))();
  assert.deepEqual(received, []);
  await settle();
  assert.deepEqual(received, [5]);
  stopFirst();
  topic.listen(() => assert.fail('what was told before nobody listened is out of date'));
  await settle();
  opening[1].resolve();
  await topic.close();
});

test('a listener that throws does not affect the others', async () => {
  const { topic, opening, failures, publish } = topicOfNumbers();
  const received: number[] = [];
  topic.listen(() => {
    throw new Error('mine');
  });
  topic.listen((value) => received.push(value));
  opening[0].resolve();
  await topic.subscribed();
  publish(1);
  assert.deepEqual([received, failures], [[1], [new Error('mine')]]);
  await topic.close();
});

test('the number of listeners is bounded, and none may be added after the end', async () => {
  const { topic, opening } = topicOfNumbers();
  for (let count = 0; count < MAX_LISTENERS; count++) topic.listen(() => undefined);
  assert.throws(() => topic.listen(() => undefined), { name: 'TooManyListeners' });
  opening[0].resolve();
  await topic.close();
  assert.throws(() => topic.listen(() => undefined), { name: 'AlreadyClosed' });
});
