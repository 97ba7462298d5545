import { once } from 'node:events';
import { summary } from './baseline-store.ts';
import { type Arrival, arrival, latenciesOf, openStream } from './fault-listener.ts';
import { formatRounds } from './process.ts';
import type { Publish, Published } from './sse-server.ts';
import { type SseServer, startSseServer, until } from './stage.ts';

const ROUNDS = 3;
const PER_SECOND = 100;
const EVENTS = 400;
const CLIENTS = [50, 1000];
/** One of this many streams is timed, the others are only counted: timing all would cost more than sending. */
const TIMED_EVERY = 50;
/** Streams that are opened concurrently. */
const OPENED_AT_ONCE = 100;

interface Measured {
  /** Processor time per event and client; and its share in user mode. */
  readonly usPerFrame: number;
  readonly userUsPerFrame: number;
  readonly latenciesMs: readonly number[];
}

/** Cost of an event per client, compared with a bare sender that writes the same bytes. */
export async function sse(): Promise<void> {
  for (const clients of CLIENTS) {
    await using server = await startSseServer(clients);
    const rounds: { readonly baseline: Measured; readonly gateway: Measured }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const baseline = await measure(server, 'baseline', clients);
      rounds.push({ baseline, gateway: await measure(server, 'gateway', clients) });
    }
    const us = (by: Publish['by']) => formatRounds(rounds.map((round) => round[by].usPerFrame));
    const userUs = (by: Publish['by']) => formatRounds(rounds.map((round) => round[by].userUsPerFrame));
    const p99 = (by: Publish['by']) => formatRounds(rounds.map((round) => summary(round[by].latenciesMs, 1).p99Ms));
    console.log(
      `${clients} streams, ${PER_SECOND} events/s, for each event and client: ${us('gateway')} us, bare sender ${us('baseline')} us, ` +
        `ratio ${formatRounds(rounds.map(({ baseline, gateway }) => gateway.usPerFrame / baseline.usPerFrame))}; ` +
        `outside the system ${userUs('gateway')} us, bare sender ${userUs('baseline')} us; ` +
        `p99 ${p99('gateway')} ms, bare sender ${p99('baseline')} ms; none dropped`,
    );
  }
}

/** Fails if a client misses a byte or is disconnected. */
async function measure({ child, urls }: SseServer, by: Publish['by'], clients: number): Promise<Measured> {
  const octetsOf = new Array<number>(clients).fill(0);
  const timed: Arrival[][] = [];
  const sockets = [];
  for (let first = 0; first < clients; first += OPENED_AT_ONCE) {
    const some = octetsOf.slice(first, first + OPENED_AT_ONCE).map((_none, at) => {
      const client = first + at;
      const arrivals: Arrival[] | undefined = client % TIMED_EVERY === 0 ? [] : undefined;
      if (arrivals) timed.push(arrivals);
      return openStream(urls[by], (octets) => {
        octetsOf[client] += octets.length;
        arrivals?.push(arrival(octets));
      });
    });
    sockets.push(...(await Promise.all(some)));
  }
  const order: Publish = { by, events: EVENTS, perSecond: PER_SECOND };
  child.send(order);
  const [{ cpuUs, userUs, octets }] = (await once(child, 'message')) as [Published];
  await until(async () => octetsOf.every((count) => count >= octets));
  if (octetsOf.some((count) => count > octets)) throw new Error('a client has more than it was sent');
  for (const socket of sockets) socket.destroy();
  const frames = EVENTS * clients;
  return { usPerFrame: cpuUs / frames, userUsPerFrame: userUs / frames, latenciesMs: timed.flatMap(latenciesOf) };
}
