import type { Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { type Arrival, arrival, latenciesOf, openStream } from './fault-listener.ts';

/** Streams that are opened concurrently. */
const OPENED_AT_ONCE = 50;
/** A last event id that no event has yet: the gateway sends no past events. */
const FROM_NOW = Number.MAX_SAFE_INTEGER;
/** Matches the fault of an event and its occurrence count. */
const EVENT = /"fault_code":"([^"]+)".*?"occurrence_count":(\d+)/;

/** Many clients of one stream. The first is parsed; the others are only compared with it. */
export interface StreamCrowd extends Disposable {
  /** Discards all that arrived so far: the initial events differ per client. */
  begin(): void;
  /** Returns the total number of bytes that the clients have received. */
  octets(): number;
  /** Returns whether all clients received the same bytes. */
  isEven(): boolean;
  /** Returns the events of the first client in order: fault and occurrence count. */
  events(): readonly string[];
  /** Returns how many clients were disconnected because they read too slowly. */
  cutOff(): number;
  /** Returns the times from the occurrence to the event at the first client. */
  latenciesMs(): readonly number[];
}

export async function streamCrowd(url: string, clients: number): Promise<StreamCrowd> {
  const arrivals: Arrival[] = [];
  const received = Array.from({ length: clients }, () => ({ octets: 0, sum: 0 }));
  const sockets: Socket[] = [];
  for (let first = 0; first < clients; first += OPENED_AT_ONCE) {
    const some = received.slice(first, first + OPENED_AT_ONCE).map((client, at) =>
      openStream(
        url,
        (octets) => {
          client.octets += octets.length;
          client.sum = crc32(octets, client.sum);
          if (first + at === 0) arrivals.push(arrival(octets));
        },
        FROM_NOW,
      ),
    );
    sockets.push(...(await Promise.all(some)));
  }
  return {
    begin: () => {
      arrivals.length = 0;
      for (const client of received) Object.assign(client, { octets: 0, sum: 0 });
    },
    octets: () => received.reduce((sum, { octets }) => sum + octets, 0),
    isEven: () => received.every(({ octets, sum }) => octets === received[0]?.octets && sum === received[0].sum),
    events: () => {
      const text = Buffer.concat(arrivals.map(({ octets }) => octets)).toString();
      return text.split('\n\n').flatMap((frame) => EVENT.exec(frame)?.slice(1).join(' ') ?? []);
    },
    cutOff: () => sockets.filter(({ readableEnded, destroyed }) => readableEnded || destroyed).length,
    latenciesMs: () => latenciesOf(arrivals),
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
