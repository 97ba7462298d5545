import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { HeldTopic, RawSample, SampleOptions } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import { type TopicUse, typeOf } from '../graph/topic-use.ts';
import { openRaw } from './raw-subscription.ts';

/** What a latched topic keeps comes at once, the oldest first: how long the first of it is waited on for the others. */
const LATCHED_BURST_MS = 20;
/** Samples of such a burst that are kept, the newest: they may be maps of some megabytes. */
const MAX_SAMPLES = 8;

export interface SampleOnceOptions extends SampleOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Subscribes to a topic until its first message is there. `undefined` where nobody publishes it, after the time-out, and
 * when it is given up. Rejects where the topic cannot be subscribed to. Leaves nothing behind.
 */
export async function sampleOnce(use: TopicUse, options: SampleOnceOptions): Promise<HeldTopic | undefined> {
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
