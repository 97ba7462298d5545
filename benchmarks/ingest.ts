import { fork } from 'node:child_process';
import { createHmac, createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { udpDatagrams, unixStreams } from '@medkit/edges/node';
import {
  type Declaration,
  ingestAddress,
  ingestReceiver,
  ingestWriter,
  openIngestListener,
  type ReceivedState,
} from '@medkit/ingest';
import { median } from './process.ts';

const ROUNDS = 5;
const MESSAGES = 100_000;
const PORTS = 8;
/** Linux's default receive buffer of a socket. */
const RECEIVE_BUFFER_BYTES = 212_992;
const SECONDS = 5;
/** Messages a second. At the first rate none may be lost, even on a busy machine. */
const RATES = [1000, 6250];
export const BENCHMARK_KEY = new Uint8Array(32).fill(7);

/** A declaration of an app with eight ports and two faults. */
export const EIGHT_PORTS: Declaration = {
  runtime: 'bench',
  components: [],
  apps: [
    {
      id: 'gate',
      name: 'Gate',
      ports: Array.from({ length: PORTS }, (_, at) => ({ id: `p${at}`, type: 'float64' })),
      faults: ['STOP', 'SLOW'].map((code) => ({ code, severity: 2, description: code })),
    },
  ],
};

/**
 * Cost of receiving a message of eight ports, compared with the HMAC of the same bytes by `createHmac`; and over real
 * UDP compared with a socket that only counts. Fails if a message is lost at a thousand a second.
 */
export async function ingest(): Promise<void> {
  inMemory();
  for (const rate of RATES) await overUdp(rate);
}

const cpuUs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return user + system;
};

/** Returns the processor time of a call in microseconds. */
function timed(times: number, call: (index: number) => void): number {
  const before = process.cpuUsage();
  for (let index = 0; index < times; index += 1) call(index);
  return cpuUs(before) / times;
}

function inMemory(): void {
  const secret = createSecretKey(BENCHMARK_KEY);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    let reported = 0;
    const listener = {
      declared: () => undefined,
      state({ ports }: ReceivedState) {
        reported += ports.length / 8;
      },
    };
    const receiver = ingestReceiver({ key: BENCHMARK_KEY, listener });
    const writer = ingestWriter({ session: BigInt(round), key: BENCHMARK_KEY, declaration: EIGHT_PORTS });
    const values = Array.from({ length: PORTS }, (_, at) => at / 3);
    receiver.receive(writer.declaration(1n));
    const messages = Array.from({ length: MESSAGES }, (_, index) =>
      writer.state(BigInt(index + 2), values, ['passed', 'passed']).slice(),
    );
    const received = timed(MESSAGES, (index) => receiver.receive(messages[index]!));
    if (reported !== MESSAGES * PORTS) throw new Error(`${reported} values were reported`);
    const forged = messages[0]!.slice();
    forged[50]! ^= 1;
    return {
      received,
      forged: timed(MESSAGES, () => receiver.receive(forged)),
      hmac: timed(MESSAGES, (index) => createHmac('sha256', secret).update(messages[index]!).digest()),
      written: timed(MESSAGES, (index) => writer.state(BigInt(index + 2), values, ['passed', 'passed'])),
      octets: forged.length,
    };
  });
  const us = (what: 'received' | 'forged' | 'hmac' | 'written') => median(rounds.map((round) => round[what]));
  const formatCost = (what: 'received' | 'forged' | 'written') =>
    `${us(what).toFixed(2)} us, ${(us(what) / us('hmac')).toFixed(2)} x createHmac`;
  console.log(
    `a state of ${PORTS} ports (${rounds[0]?.octets} octets): received ${formatCost('received')}; ` +
      `forged ${formatCost('forged')}; written ${formatCost('written')} (createHmac of it alone ${us('hmac').toFixed(2)} us)`,
  );
}

/** Sends messages from another process at a rate, alternately to a socket that only counts and to a receiver. */
async function overUdp(rate: number): Promise<void> {
  const rounds: { readonly baseline: number; readonly ours: number }[] = [];
  let lost = 0;
  for (let round = 0; round < 3; round += 1) {
    const baseline = await paced(rate, () => true);
    const receiver = ingestReceiver({
      key: BENCHMARK_KEY,
      listener: { declared: () => undefined, state: () => undefined },
    });
    const ours = await paced(rate, (octets) => receiver.receive(octets));
    const { accepted, declarations } = receiver.counts;
    lost += ours.sent - accepted - declarations;
    rounds.push({ baseline: baseline.cpuUs, ours: ours.cpuUs });
  }
  const us = (what: 'baseline' | 'ours') => median(rounds.map((round) => round[what]));
  console.log(
    `UDP, ${rate}/s, receive buffer of 208 KiB: ${us('ours').toFixed(1)} us of the processor a message ` +
      `(${((us('ours') * rate) / 10_000).toFixed(1)} % of a core), ${(us('ours') / us('baseline')).toFixed(2)} x a socket that only counts; ` +
      `lost ${lost} of ${3 * SECONDS * rate}`,
  );
  if (lost > 0 && rate === RATES[0]) throw new Error(`${lost} messages were lost at ${rate}/s`);
}

async function paced(rate: number, onMessage: (octets: Uint8Array) => boolean) {
  const listener = await openIngestListener({
    address: ingestAddress('udp:127.0.0.1:0'),
    datagrams: udpDatagrams,
    streams: unixStreams,
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
    onMessage,
  });
  const { address: open } = listener;
  if (open.kind !== 'udp') throw new Error('it is to be UDP');
  const sender = fork(join(import.meta.dirname, 'ingest-sender.ts'), [
    `udp:127.0.0.1:${open.port}`,
    String(rate),
    String(SECONDS),
  ]);
  await once(sender, 'message');
  const before = process.cpuUsage();
  sender.send('begin');
  const [sent] = (await once(sender, 'message')) as [number];
  const spent = cpuUs(before);
  // Reads what is still buffered in the socket.
  await new Promise((resolve) => setTimeout(resolve, 100));
  sender.disconnect();
  await listener.close();
  return { sent, cpuUs: spent / sent };
}
