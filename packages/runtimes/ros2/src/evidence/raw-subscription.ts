import { errorMessage, type Log } from '@medkit/core';
import type { TapSample } from '@medkit/faults';
import type { LocalNode, SubscribeOptions } from '@medkit/ros2';
import { firstDeliveries } from '../data/first-delivery.ts';
import { receivedSample } from './received-sample.ts';

/** A subscription to serialized messages that can be closed at any time, even before it is open. */
export interface RawSubscription {
  /** Rejects if the adapter refuses. */
  readonly opened: Promise<unknown>;
  /** Stops the delivery of messages. */
  close(): void;
}

export interface RawSubscriptionOptions extends Required<Pick<SubscribeOptions, 'topic' | 'type' | 'qos'>> {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly log: Log;
  /** Called once per message. */
  readonly onSample: (sample: TapSample) => void;
}

/**
 * A message that waited for the retransmission of an earlier one carries an earlier time, by this at most; a larger
 * difference means that the clock was set back.
 */
const MAX_WAITED_NS = 1_000_000_000n;

/**
 * Makes receive times follow the order of delivery. A message that waited for another one would otherwise sort before
 * it.
 */
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
  const deliver = inOrder(onSample);
  const opened = node.subscribe({
    ...options,
    raw: true,
    onSample: (sample) => {
      if (isOpen && isFirst(sample)) deliver(receivedSample(sample));
    },
  });
  const end = async (): Promise<void> => {
    // A subscription that failed to open is reported by `opened`; there is nothing to close.
    const subscription = await opened.catch(() => undefined);
    await subscription?.close();
  };
  return {
    opened,
    close() {
      isOpen = false;
      end().catch((error: unknown) => {
        log('warn', `Cannot end the subscription to ${options.topic}: ${errorMessage(error)}`);
      });
    },
  };
}
