import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { BufferedTopic, RawSample, SampleOptions } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import { openRaw } from './raw-subscription.ts';

/**
 * A latched topic delivers its stored samples immediately, oldest first. After the first one, the rest is waited for
 * this long.
 */
const LATCHED_BURST_MS = 20;
/** Maximum samples stored of such a burst, the newest ones: they may be maps of several megabytes. */
const MAX_SAMPLES = 8;

export interface SampleOnceOptions extends SampleOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Subscribes to a topic until the first message arrives, then unsubscribes. Returns `undefined` if it has no publisher,
 * after the timeout and when aborted. Rejects if the topic cannot be subscribed to.
 */
export async function sampleOnce(use: TopicUse, options: SampleOnceOptions): Promise<BufferedTopic | undefined> {
  const { node, clock, log, timeoutMs, signal } = options;
  const type = typeOf(use);
  if (use.publishers.length === 0 || type === undefined || signal.aborted) return undefined;
  const isLatched = use.publishers.every(({ qos }) => qos.durability === 'transient_local');
  const samples: RawSample[] = [];
  const done = Promise.withResolvers<void>();
  const end = () => done.resolve();
  const timers = [clock.after(timeoutMs, end)];
  signal.addEventListener('abort', end, { once: true });
  const subscription = openRaw({
    node,
    log,
    topic: use.topic,
    type,
    qos: 'match-publishers',
    onSample: (sample) => {
      samples.push(sample);
      if (samples.length > MAX_SAMPLES) samples.shift();
      if (!isLatched) end();
      else if (samples.length === 1) timers.push(clock.after(LATCHED_BURST_MS, end));
    },
  });
  subscription.opened.catch(done.reject);
  try {
    await done.promise;
    return samples.length > 0 ? { topic: use.topic, type, samples } : undefined;
  } finally {
    for (const timer of timers) timer.cancel();
    signal.removeEventListener('abort', end);
    subscription.close();
  }
}
