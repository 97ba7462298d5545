import { type Log, reasonOf } from '@medkit/core';
import type { TapSample } from '@medkit/faults';
import type { LocalNode, SubscribeOptions } from '@medkit/ros2';
import { firstDeliveries } from '../data/first-delivery.ts';
import { receivedSample } from './received-sample.ts';

/** A subscription to serialised messages that can be ended at any moment, also before it is open. */
export interface RawSubscription {
  /** Rejects where the adapter refuses. */
  readonly opened: Promise<unknown>;
  /** Nothing is heard from now on. */
  close(): void;
}

export interface RawSubscriptionOptions extends Required<Pick<SubscribeOptions, 'topic' | 'type' | 'qos'>> {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly log: Log;
  /** Hears each message once. */
  readonly onSample: (sample: TapSample) => void;
}

/** A message that waited for one before it to be sent again came earlier by this at most; a clock set back goes further. */
const MAX_WAITED_NS = 1_000_000_000n;

/** Messages in the order of their delivery: by their times alone, one that waited for another would come before it. */
function inOrder(onSample: (sample: TapSample) => void): (sample: TapSample) => void {
  let lastNs = 0n;
  return (sample) => {
    const waitedNs = lastNs - sample.receivedNs;
    const receivedNs = waitedNs >= 0n && waitedNs < MAX_WAITED_NS ? lastNs + 1n : sample.receivedNs;
    lastNs = receivedNs;
    onSample({ ...sample, receivedNs });
  };
}

export function openRaw({ node, log, onSample, ...options }: RawSubscriptionOptions): RawSubscription {
  let isOpen = true;
  const isFirst = firstDeliveries();
  const tell = inOrder(onSample);
  const opened = node.subscribe({
    ...options,
    raw: true,
    onSample: (sample) => {
      if (isOpen && isFirst(sample)) tell(receivedSample(sample));
    },
  });
  const end = async (): Promise<void> => {
    // One that could not be opened tells so by `opened`; there is nothing to close.
    const subscription = await opened.catch(() => undefined);
    await subscription?.close();
  };
  return {
    opened,
    close() {
      isOpen = false;
      end().catch((error: unknown) => {
        log('warn', `Could not end the subscription to ${options.topic}: ${reasonOf(error)}`);
      });
    },
  };
}
