import type { Clock } from '@medkit/edges';
import type { BagReader, RecordedTopic } from '@medkit/faults/reading';
import type { Publisher, RosAdapter } from '@medkit/ros2';

/** By this time, subscribers have discovered the publishers. */
const SETTLE_MS = 1000;
const NODE = 'medkit_player';
const DEPTH = 10;

export interface PlayOptions {
  readonly adapter: Pick<RosAdapter, 'node'>;
  readonly clock: Clock;
  /** 2 is twice as fast as recorded. */
  readonly rate: number;
  /** Returns whether a topic is played. */
  readonly wants: (topic: RecordedTopic) => boolean;
  readonly signal: AbortSignal;
  /** Receives the progress in nanoseconds since the first message. */
  readonly onProgress?: (playedNs: bigint) => void;
}

/**
 * Publishes the messages of a recording on the graph at their recorded times, unchanged, with the recorded reliability
 * and durability. Returns the number of messages; fewer than recorded if `signal` was aborted.
 */
export async function playBag(bag: BagReader, options: PlayOptions): Promise<number> {
  const { adapter, clock, rate, wants, signal, onProgress } = options;
  const node = await adapter.node({ name: NODE });
  try {
    const publishers = new Map<string, Publisher>();
    for (const topic of bag.topics.filter(wants)) {
      const { name, type, latched, reliable } = topic;
      const qos = {
        reliability: reliable ? 'reliable' : 'best_effort',
        durability: latched ? 'transient_local' : 'volatile',
        depth: DEPTH,
      } as const;
      publishers.set(name, await node.publisher(name, type, qos));
    }
    const startMs = clock.monotonicMs() + SETTLE_MS;
    let played = 0;
    for await (const { topic, loggedNs, octets } of bag.messages()) {
      const publisher = publishers.get(topic);
      if (!publisher) continue;
      const sinceNs = loggedNs - bag.startNs;
      await until(clock, startMs + Number(sinceNs) / 1e6 / rate, signal);
      if (signal.aborted) break;
      await publisher.publish(octets);
      played += 1;
      onProgress?.(sinceNs);
    }
    return played;
  } finally {
    await node.close();
  }
}

/** Resolves at a time of the clock; immediately if that has passed or `signal` is aborted. */
function until(clock: Clock, momentMs: number, signal: AbortSignal): Promise<void> {
  const waitMs = momentMs - clock.monotonicMs();
  if (waitMs <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(waitMs, done);
    signal.addEventListener('abort', done);
  });
}
