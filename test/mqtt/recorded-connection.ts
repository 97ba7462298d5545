import { systemClock, systemRandom } from '@medkit/edges/node';
import { type BrokerConnection, type BrokerConnectionOptions, openMqttBroker } from '@medkit/mqtt';
import { eventually } from '../harness/eventually.ts';

/** A connection in real time, with its events, a line each: `open`, `<topic> <payload>`, `lost: <reason>`. */
export interface ToldConnection extends BrokerConnection, AsyncDisposable {
  readonly told: readonly string[];
  /** Resolves with the first matching line, past or future. */
  line(pattern: RegExp): Promise<string>;
  /** Returns the number of matching lines. */
  count(pattern: RegExp): number;
}

export type ToldOptions = Pick<BrokerConnectionOptions, 'address' | 'clientId'> &
  Partial<Pick<BrokerConnectionOptions, 'will' | 'subscriptions' | 'onOpen'>>;

export function toldConnection({ onOpen, ...options }: ToldOptions): ToldConnection {
  const told: string[] = [];
  const connection = openMqttBroker({
    subscriptions: [],
    ...options,
    clock: systemClock,
    random: systemRandom,
    onOpen() {
      told.push('open');
      onOpen?.();
    },
    onMessage: ({ topic, payload, retained }) =>
      told.push(`${retained ? 'kept ' : ''}${topic} ${Buffer.from(payload)}`),
    onLost: (reason) => told.push(`lost: ${reason}`),
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
    told,
    line: (pattern) => eventually(`${pattern} of ${told}`, async () => told.find((line) => pattern.test(line)), 15_000),
    count: (pattern) => told.filter((line) => pattern.test(line)).length,
  };
}
