import { type Clock, type Random, taskQueue, within } from '@medkit/edges';
import type {
  BrokerAddress,
  BrokerConnection,
  BrokerMessage,
  BrokerWill,
  OpenBroker,
  PublishOptions,
} from '@medkit/mqtt';

/** Maximum wait for the acknowledgement of the last messages of a connection; including the close at most 3 s. */
const PENDING_MS = 1000;
/** Random bytes of a client identifier, within the 23 characters that every broker accepts (MQTT 3.1.1, 3.1.3.1). */
const ID_BYTES = 8;

export interface BrokerLinkOptions {
  readonly openBroker: OpenBroker;
  readonly address: BrokerAddress;
  readonly clock: Clock;
  readonly random: Random;
  /** Topic filter of the subscription. */
  readonly filter: string;
  onOpen(): void;
  onMessage(message: BrokerMessage): void;
  onLost(reason: string): void;
}

/** The current connection to the broker. There is at most one; messages of earlier connections are ignored. */
export interface BrokerLink {
  readonly maxPacketBytes: number | undefined;
  /** Closes the connection after the messages of `word` were delivered. Opens another one unless `how` is `none`. */
  renew(how: { readonly will?: () => BrokerWill } | 'none'): Promise<void>;
  /** Rejects if there is no open connection. */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>;
  /** Publishes a message that must be delivered before the connection closes. */
  word(topic: string, payload: string, options: PublishOptions): Promise<void>;
}

export function brokerLink(options: BrokerLinkOptions): BrokerLink {
  const { openBroker, address, clock, random, filter } = options;
  const clientId = `medkit${Buffer.from(random.bytes(ID_BYTES)).toString('hex')}`;
  const scheduleWork = taskQueue();
  const pending = new Set<Promise<void>>();
  let connection: BrokerConnection | undefined;
  let renewals = 0;
  let isReplaced = true;

  async function end(): Promise<void> {
    const ending = connection;
    connection = undefined;
    if (ending === undefined) return;
    await within(clock, PENDING_MS, Promise.allSettled([...pending]).then(), () => undefined);
    await ending.close();
  }

  const publish: BrokerLink['publish'] = async (topic, payload, how) => {
    if (isReplaced || connection === undefined) throw new Error('the connection to the broker is not open');
    await connection.publish(topic, payload, how);
  };

  return {
    get maxPacketBytes() {
      return connection?.maxPacketBytes;
    },
    publish,
    async word(topic, payload, how) {
      const word = publish(topic, payload, how);
      pending.add(word);
      const said = (): void => void pending.delete(word);
      word.then(said, said);
      await word;
    },
    renew(how) {
      const mine = ++renewals;
      isReplaced = true;
      const ifCurrent = (notify: () => void): void => {
        if (mine === renewals) notify();
      };
      return scheduleWork(async () => {
        await end();
        if (how === 'none' || mine !== renewals) return;
        isReplaced = false;
        connection = openBroker({
          address,
          clientId,
          subscriptions: [filter],
          clock,
          random,
          ...(how.will && { will: how.will }),
          onOpen: () => ifCurrent(options.onOpen),
          onMessage: (message) => ifCurrent(() => options.onMessage(message)),
          onLost: (reason) => ifCurrent(() => options.onLost(reason)),
        });
      });
    },
  };
}
