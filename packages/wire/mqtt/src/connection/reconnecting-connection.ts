import { retryDelayMs, type Timer } from '@medkit/edges';
import type { BrokerConnection, BrokerConnectionOptions } from '../broker-connection.ts';
import type { OpenSession, Session } from '../session/session.ts';

/** A session that lasts as long as the longest delay counts as a success. */
const RETRY = { firstMs: 1000, maxMs: 30_000 };

/** Opens one session after another until it is closed. */
export function openReconnectingConnection(
  options: BrokerConnectionOptions,
  openSession: OpenSession,
): BrokerConnection {
  const { clock, random, will, ...sessionOptions } = options;
  let session: Session | undefined;
  let openedMs: number | undefined;
  let failures = 0;
  let dropped = 0;
  let timer: Timer | undefined;
  let isClosed = false;

  function attempt(): void {
    const willNow = typeof will === 'function' ? will() : will;
    session = openSession(
      { ...sessionOptions, clock, ...(willNow && { will: willNow }) },
      {
        onOpen() {
          if (isClosed) return;
          openedMs = clock.monotonicMs();
          options.onOpen();
        },
        onMessage(message) {
          if (!isClosed) options.onMessage(message);
        },
        onDropped() {
          dropped += 1;
        },
        onEnd(reason) {
          // Two connections with the same client id end each other immediately. They must not reconnect every second.
          const hasLasted = openedMs !== undefined && clock.monotonicMs() - openedMs >= RETRY.maxMs;
          failures = hasLasted ? 1 : failures + 1;
          session = undefined;
          openedMs = undefined;
          if (isClosed) return;
          timer = clock.after(retryDelayMs(RETRY, failures, random), attempt);
          options.onLost(reason);
        },
      },
    );
  }

  attempt();
  return {
    get isOpen() {
      return openedMs !== undefined && !isClosed;
    },
    get maxPacketBytes() {
      return session?.limits.maxPacketBytes;
    },
    get dropped() {
      return dropped;
    },
    async publish(topic, payload, how) {
      if (!session || openedMs === undefined || isClosed) throw new Error('the connection to the broker is not open');
      await session.publish(topic, payload, how);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      timer?.cancel();
      await session?.close();
    },
  };
}
