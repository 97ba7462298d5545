import { within } from '@medkit/edges';
import { connect, type IConnackPacket, type MqttClient } from 'mqtt';
import { type BrokerLimits, limitProblem } from './broker-limits.ts';
import { clientOptions } from './client-options.ts';
import { isCut, lossReason, reasonWords } from './loss-reason.ts';
import { places } from './places.ts';
import { MAX_MESSAGE_BYTES, type OpenSession } from './session.ts';

/** For what is still to be acknowledged, and for the last packet to go out. */
const CLOSE_MS = 2000;
/** Messages that wait to be taken or acknowledged, at a time: a caller that waits for each has some dozen topics at most. */
const MAX_PENDING = 256;
/** A packet of so much is never read to its end: what is too long for `onMessage`, and can be dropped, is shorter. */
const MAX_PACKET_BYTES = 4 * 1024 * 1024;
/** The Receive Maximum of a broker that does not say one (MQTT 5.0, 3.2.2.3.3). */
const MOST_IN_FLIGHT = 65_535;

/** One connection by the library `mqtt`, whose client lives no longer: what it would keep for the next one goes with it. */
export const openMqttSession: OpenSession = (options, events) => {
  const { address, subscriptions, clock } = options;
  const client = connect(clientOptions(options, MAX_PACKET_BYTES));
  const pending = new Set<(error: Error) => void>();
  let limits: BrokerLimits = {};
  let inFlight = places(MOST_IN_FLIGHT);
  let isAccepted = false;
  /** What broke it: what is told first is the cause of the rest. */
  let reason: string | undefined;
  const ended = Promise.withResolvers<void>();

  function fail(why: string): void {
    reason ??= why;
    client.stream.destroy();
  }

  client.on('connect', (packet) => {
    isAccepted = true;
    limits = limitsOf(packet);
    inFlight = places(limits.receiveMaximum ?? MOST_IN_FLIGHT);
    if (subscriptions.length === 0) {
      events.onOpen();
      return;
    }
    client.subscribe([...subscriptions], { qos: 1 }, (error, _, answer) => {
      if (!error) events.onOpen();
      else if (answer)
        fail(`${address.url} refuses the subscription to ${refusedTopics(subscriptions, answer.granted)}`);
      else if (!client.stream.destroyed) fail(lossReason(error, address));
    });
  });
  client.on('message', (topic, payload, { retain }) => {
    if (payload.length > MAX_MESSAGE_BYTES) events.onDropped();
    else events.onMessage({ topic, payload, retained: retain });
  });
  client.on('disconnect', ({ reasonCode }) => {
    reason ??= `the broker at ${address.url} ended the connection: ${reasonWords(reasonCode)}`;
  });
  const broke = (error: Error): void => {
    if (!isCut(error)) reason ??= lossReason(error, address);
  };
  client.on('error', broke);
  // The client keeps some errors of the stream to itself.
  client.stream.on('error', broke);
  client.on('close', () => {
    const words = reason ?? silentEnd(address.url, isAccepted);
    for (const reject of pending) reject(new Error(`the connection to the broker was lost: ${words}`));
    pending.clear();
    ended.resolve();
    events.onEnd(words);
  });
  limitPackets(client, (bytes) => fail(`the broker sent a packet of more than ${bytes} octets`));

  return {
    get limits() {
      return limits;
    },
    publish: (topic, payload, { qos, retain }) =>
      new Promise<void>((resolve, reject) => {
        const problem = limitProblem(limits, { topic, payload, qos, retain });
        if (problem !== undefined) throw new Error(problem);
        if (pending.size >= MAX_PENDING) throw new Error(`${MAX_PENDING} messages wait for the broker already`);
        pending.add(reject);
        const send = (): void => {
          client.publish(topic, payload, { qos, retain }, (error?: Error & { readonly code?: unknown }) => {
            const code = error?.code;
            // Without a code it is the connection that ends: who waits is told of the reason then.
            if (error && typeof code !== 'number') return;
            if (qos > 0) inFlight.leave();
            pending.delete(reject);
            if (typeof code === 'number') reject(new Error(`the broker refuses ${topic}: ${reasonWords(code)}`));
            else resolve();
          });
        };
        if (qos > 0) inFlight.take(send);
        else send();
      }),
    async close() {
      if (client.connected) client.end();
      else client.stream.destroy();
      await within(clock, CLOSE_MS, ended.promise, () => client.stream.destroy());
      await ended.promise;
    },
  };
};

/** Brokers of MQTT 3.1.1 have no other way to refuse or to end a connection that was accepted. */
const silentEnd = (url: string, isAccepted: boolean): string =>
  isAccepted
    ? `the broker at ${url} ended the connection and said nothing: it may have ended, or another client has the same identifier`
    : `the broker at ${url} ended the connection before it answered: it may be full, or speak another protocol there`;

function limitsOf({ properties }: IConnackPacket): BrokerLimits {
  const { maximumPacketSize, receiveMaximum, maximumQoS, retainAvailable } = properties ?? {};
  return {
    ...(maximumPacketSize !== undefined && { maxPacketBytes: maximumPacketSize }),
    ...(receiveMaximum !== undefined && { receiveMaximum }),
    ...(maximumQoS !== undefined && { maxQos: maximumQoS }),
    ...(retainAvailable !== undefined && { retains: retainAvailable }),
  };
}

/** A code of 0x80 or more refuses the filter at its place (MQTT 3.1.1, 3.9.3). */
function refusedTopics(filters: readonly string[], codes: readonly unknown[]): string {
  const refused = filters.flatMap((filter, at) =>
    Number(codes[at]) >= 0x80 ? [`${filter} (${reasonWords(Number(codes[at]))})`] : [],
  );
  return refused.length > 0 ? refused.join(', ') : filters.join(', ');
}

/** The parser waits for the end of a packet, of up to 256 MiB, however long it is. */
function limitPackets(client: MqttClient, onExceeded: (bytes: number) => void): void {
  let bytes = 0;
  client.on('packetreceive', () => {
    bytes = 0;
  });
  client.stream.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > MAX_PACKET_BYTES) onExceeded(MAX_PACKET_BYTES);
  });
}
