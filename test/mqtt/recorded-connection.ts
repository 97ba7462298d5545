import { systemClock, systemRandom } from '@medkit/edges/node';
import { type BrokerConnection, type BrokerConnectionOptions, openMqttBroker } from '@medkit/mqtt';
import { eventually } from '../harness/eventually.ts';

/** A connection in real time, with its events, a line each: `open`, `<topic> <payload>`, `lost: <reason>`. */
export interface RecordedConnection extends BrokerConnection, AsyncDisposable {
  readonly events: readonly string[];
  /** Resolves with the first matching line, past or future. */
  line(pattern: RegExp): Promise<string>;
  /** Returns the number of matching lines. */
  count(pattern: RegExp): number;
}

export type RecordedConnectionOptions = Pick<BrokerConnectionOptions, 'address' | 'clientId'> &
  Partial<Pick<BrokerConnectionOptions, 'will' | 'subscriptions' | 'onOpen'>>;

export function recordedConnection({ onOpen, ...options }: RecordedConnectionOptions): RecordedConnection {
  const events: string[] = [];
  const connection = openMqttBroker({
    subscriptions: [],
    ...options,
    clock: systemClock,
    random: systemRandom,
    onOpen() {
      events.push('open');
      onOpen?.();
    },
    onMessage: ({ topic, payload, retained }) =>
      events.push(`${retained ? 'kept ' : ''}${topic} ${Buffer.from(payload)}`),
    onLost: (reason) => events.push(`lost: ${reason}`),
  });
  return {
    get isOpen() {
      return connection.isOpen;
    },
    get maxPacketBytes() {
      return connection.maxPacketBytes;
    },
    get dropped() {
      return connection.dropped;
    },
    publish: connection.publish,
    close: connection.close,
    [Symbol.asyncDispose]: connection.close,
    events,
    line: (pattern) =>
      eventually(`${pattern} of ${events}`, async () => events.find((line) => pattern.test(line)), 15_000),
    count: (pattern) => events.filter((line) => pattern.test(line)).length,
  };
}
