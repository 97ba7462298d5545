import { within } from '@medkit/edges';
import { connect, type IConnackPacket, type MqttClient } from 'mqtt';
import { type BrokerLimits, limitProblem } from './broker-limits.ts';
import { clientOptions } from './client-options.ts';
import { isConnectionReset, lossReason, reasonText } from './loss-reason.ts';
import { MAX_MESSAGE_BYTES, type OpenSession } from './session.ts';
import { slots } from './slots.ts';

/** Time for pending acknowledgements and for sending the last packet. */
const CLOSE_MS = 2000;
/** Maximum pending messages. A caller that waits for each message has at most a few dozen topics. */
const MAX_PENDING = 256;
/**
 * Packet size at which reading is aborted. Messages that are too long for `onMessage` but shorter than this are
 * dropped.
 */
const MAX_PACKET_BYTES = 4 * 1024 * 1024;
/** Receive Maximum of a broker that does not announce one (MQTT 5.0, 3.2.2.3.3). */
const MOST_IN_FLIGHT = 65_535;

/**
 * Opens one connection with the library `mqtt`. The client is used once, so that nothing it stores affects the next.
 */
export const openMqttSession: OpenSession = (options, events) => {
  const { address, subscriptions, clock } = options;
  const client = connect(clientOptions(options, MAX_PACKET_BYTES));
  const pending = new Set<(error: Error) => void>();
  let limits: BrokerLimits = {};
  let inFlight = slots(MOST_IN_FLIGHT);
  let isAccepted = false;
  /** Reason for the end. The first report is the cause of later ones. */
  let reason: string | undefined;
  const ended = Promise.withResolvers<void>();

  function fail(problem: string): void {
    reason ??= problem;
    client.stream.destroy();
  }

  client.on('connect', (packet) => {
    isAccepted = true;
    limits = limitsOf(packet);
    inFlight = slots(limits.receiveMaximum ?? MOST_IN_FLIGHT);
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
    reason ??= `the broker at ${address.url} closed the connection: ${reasonText(reasonCode)}`;
  });
  const broke = (error: Error): void => {
    if (!isConnectionReset(error)) reason ??= lossReason(error, address);
  };
  client.on('error', broke);
  // The client does not report some errors of the stream.
  client.stream.on('error', broke);
  client.on('close', () => {
    const endReason = reason ?? silentEnd(address.url, isAccepted);
    for (const reject of pending) reject(new Error(`the connection to the broker was lost: ${endReason}`));
    pending.clear();
    ended.resolve();
    events.onEnd(endReason);
  });
  limitPackets(client, (bytes) => fail(`the broker sent a packet of more than ${bytes} bytes`));

  return {
    get limits() {
      return limits;
    },
    publish: (topic, payload, { qos, retain }) =>
      new Promise<void>((resolve, reject) => {
        const problem = limitProblem(limits, { topic, payload, qos, retain });
        if (problem !== undefined) throw new Error(problem);
        if (pending.size >= MAX_PENDING) throw new Error(`${MAX_PENDING} messages are already queued for the broker`);
        pending.add(reject);
        const send = (): void => {
          client.publish(topic, payload, { qos, retain }, (error?: Error & { readonly code?: unknown }) => {
            const code = error?.code;
            // Without a code, the connection is ending: the promise is rejected with the reason then.
            if (error && typeof code !== 'number') return;
            if (qos > 0) inFlight.leave();
            pending.delete(reject);
            if (typeof code === 'number') reject(new Error(`the broker refuses ${topic}: ${reasonText(code)}`));
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

/** A broker of MQTT 3.1.1 has no other way to reject or end an accepted connection. */
const silentEnd = (url: string, isAccepted: boolean): string =>
  isAccepted
    ? `the broker at ${url} closed the connection without a reason: it may have exited, or another client uses the same identifier`
    : `the broker at ${url} closed the connection before it answered: it may accept no more connections, or use another protocol on this port`;

function limitsOf({ properties }: IConnackPacket): BrokerLimits {
  const { maximumPacketSize, receiveMaximum, maximumQoS, retainAvailable } = properties ?? {};
  return {
    ...(maximumPacketSize !== undefined && { maxPacketBytes: maximumPacketSize }),
    ...(receiveMaximum !== undefined && { receiveMaximum }),
    ...(maximumQoS !== undefined && { maxQos: maximumQoS }),
    ...(retainAvailable !== undefined && { retains: retainAvailable }),
  };
}

/** A code of 0x80 or more rejects the filter at the same index (MQTT 3.1.1, 3.9.3). */
function refusedTopics(filters: readonly string[], codes: readonly unknown[]): string {
  const refused = filters.flatMap((filter, at) =>
    Number(codes[at]) >= 0x80 ? [`${filter} (${reasonText(Number(codes[at]))})`] : [],
  );
  return refused.length > 0 ? refused.join(', ') : filters.join(', ');
}

/** Aborts the connection if a packet is too long. The parser would wait for the end of a packet of up to 256 MiB. */
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
