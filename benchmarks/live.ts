import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openStream } from './fault-listener.ts';
import { formatRounds } from './process.ts';
import type { Publish, Published } from './sse-server.ts';
import { type SseServer, startLiveServer } from './stage.ts';

const ROUNDS = 3;
const CLIENTS = 100;
const VALUES = 60;
/** Below the rate that an interval of 50 ms permits. */
const PER_SECOND = 18;
const EVENTS = 40;
const SETTLED_MS = 500;

/** Processor time for each client and event with all values; and how many events each client received. */
interface Measured {
  readonly usPerFrame: number;
  readonly frames: number;
  readonly octetsPerFrame: number;
}

/** How clients share events: all read the same items in the same order, or each in a different order. */
type Looking = 'the same' | 'each its own';

/**
 * Cost of a live event of 60 values per client, reading and writing included, compared with a bare sender of the same
 * size.
 */
export async function live(): Promise<void> {
  for (const looking of ['the same', 'each its own'] as const) {
    await using server = await startLiveServer(CLIENTS, VALUES);
    // Warms up both senders, so that cold code is not measured.
    await measure(server, 'baseline', looking);
    await measure(server, 'gateway', looking);
    const rounds: { readonly baseline: Measured; readonly gateway: Measured }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const baseline = await measure(server, 'baseline', looking);
      rounds.push({ baseline, gateway: await measure(server, 'gateway', looking) });
    }
    const us = (by: Publish['by']) => formatRounds(rounds.map((round) => round[by].usPerFrame));
    const octets = (by: Publish['by']) => formatRounds(rounds.map((round) => round[by].octetsPerFrame));
    console.log(
      `${VALUES} values ${PER_SECOND} times a second to ${CLIENTS} clients that look at ${looking}, for each event and client: ` +
        `${us('gateway')} us, bare sender ${us('baseline')} us, ` +
        `ratio ${formatRounds(rounds.map(({ baseline, gateway }) => gateway.usPerFrame / baseline.usPerFrame))}; ` +
        `${octets('gateway')} octets, bare sender ${octets('baseline')}; events that each got ${formatRounds(rounds.map(({ gateway }) => gateway.frames))}`,
    );
  }
}

/** Fails if a client receives no events. */
async function measure({ child, urls }: SseServer, by: Publish['by'], looking: Looking): Promise<Measured> {
  const received = Array.from({ length: CLIENTS }, () => ({ octets: 0, frames: 0 }));
  const url = new URL(urls[by]);
  const names = (url.searchParams.get('watch') ?? '').split(',');
  const sockets = await Promise.all(
    received.map((client) => {
      if (by === 'gateway' && looking === 'each its own') names.push(names.shift() as string);
      const ordered = `${url.origin}${url.pathname}?events=none&interval=50&watch=${names.join()}`;
      return openStream(by === 'baseline' ? urls.baseline : ordered, (octets) => {
        client.octets += octets.length;
        client.frames += octets.toString('latin1').split('event: values').length - 1;
      });
    }),
  );
  // Waits for the initial events and discards them.
  await delay(SETTLED_MS);
  for (const client of received) Object.assign(client, { octets: 0, frames: 0 });
  child.send({ by, events: EVENTS, perSecond: PER_SECOND } satisfies Publish);
  const [{ cpuUs }] = (await once(child, 'message')) as [Published];
  for (const socket of sockets) socket.destroy();
  const frames = received.reduce((sum, client) => sum + client.frames, 0);
  const octets = received.reduce((sum, client) => sum + client.octets, 0);
  if (frames < EVENTS * CLIENTS * 0.9) throw new Error(`${frames} events came of ${EVENTS * CLIENTS}`);
  return { usPerFrame: cpuUs / frames, frames: frames / CLIENTS, octetsPerFrame: octets / frames };
}
