import { systemClock, systemRandom } from '@medkit/edges/node';
import { type BrokerMessage, openMqttBroker } from '@medkit/mqtt';
import { protocolOf, type RobotAddress, topicOf } from '@medkit/vda5050';
import { openStream } from './fault-listener.ts';

/** The identity of the robot at the broker. */
export const FLEET_ROBOT: RobotAddress = { version: '3.0.0', manufacturer: 'ACME', serialNumber: 'AMR-0001' };

const BASELINE_TOPIC = 'bench/bare';
const BASELINE_MESSAGES = 200;
/** Interval at which no message waits for another. */
const BASELINE_EVERY_MS = 10;

/** Times at which faults appeared and disappeared, by code, on the machine's monotonic clock. */
export interface FaultTimes {
  readonly come: ReadonlyMap<string, bigint>;
  readonly gone: ReadonlyMap<string, bigint>;
}

/** Reads the times from the gateway's event stream, like a plain client. */
export async function listenToFaultEvents(url: string): Promise<FaultTimes & Disposable> {
  const come = new Map<string, bigint>();
  const gone = new Map<string, bigint>();
  let text = '';
  const socket = await openStream(url, (octets) => {
    const atNs = process.hrtime.bigint();
    const frames = (text + octets.toString()).split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const code = /"fault_code":"([^"]+)"/.exec(frame)?.[1];
      if (code === undefined) continue;
      if (frame.includes('event: fault_confirmed')) come.set(code, atNs);
      if (frame.includes('event: fault_healed')) gone.set(code, atNs);
    }
  });
  return { come, gone, [Symbol.dispose]: () => void socket.destroy() };
}

/** Reads the times from the state messages at a broker; `states` is the number received. */
export async function listenToFaultMessages(
  brokerUrl: string,
): Promise<FaultTimes & { readonly states: number } & AsyncDisposable> {
  const come = new Map<string, bigint>();
  const gone = new Map<string, bigint>();
  const protocol = protocolOf(FLEET_ROBOT.version);
  let standing: ReadonlySet<string> = new Set();
  let states = 0;
  const connection = await subscribed(brokerUrl, topicOf(FLEET_ROBOT, 'state'), ({ payload }) => {
    const atNs = process.hrtime.bigint();
    const now = new Set(protocol.decodeState(payload).content.errors.map(({ type }) => type));
    for (const code of now) if (!standing.has(code)) come.set(code, atNs);
    for (const code of standing) if (!now.has(code)) gone.set(code, atNs);
    standing = now;
    states += 1;
  });
  return {
    come,
    gone,
    get states() {
      return states;
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** The calibrator: latencies of messages through a broker from this process back to itself. */
export async function baselineHopsMs(brokerUrl: string): Promise<readonly number[]> {
  const hops: number[] = [];
  let sentNs = 0n;
  const connection = await subscribed(brokerUrl, BASELINE_TOPIC, () => {
    hops.push(Number(process.hrtime.bigint() - sentNs) / 1e6);
  });
  for (let message = 0; message < BASELINE_MESSAGES; message += 1) {
    await new Promise((resolve) => setTimeout(resolve, BASELINE_EVERY_MS));
    sentNs = process.hrtime.bigint();
    await connection.publish(BASELINE_TOPIC, String(sentNs), { qos: 0, retain: false });
  }
  await connection.close();
  return hops;
}

async function subscribed(url: string, topic: string, onMessage: (message: BrokerMessage) => void) {
  const opened = Promise.withResolvers<void>();
  const connection = openMqttBroker({
    address: { url, protocol: '5' },
    clientId: `bench-${topic}`,
    subscriptions: [topic],
    clock: systemClock,
    random: systemRandom,
    onOpen: opened.resolve,
    onMessage,
    onLost: (reason) => opened.reject(new Error(reason)),
  });
  await opened.promise;
  return connection;
}
