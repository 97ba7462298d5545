import type { Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { type Arrival, arrival, latenciesOf, openStream } from './fault-listener.ts';

/** Streams that are opened at a time. */
const OPENED_AT_ONCE = 50;
/** An id that no event has yet: nothing of the past is sent. */
const FROM_NOW = Number.MAX_SAFE_INTEGER;
/** Which fault an event is about, and how often that happened. */
const EVENT = /"fault_code":"([^"]+)".*?"occurrence_count":(\d+)/;

/** So many clients of one stream, the first of which is read and the others only held against it. */
export interface StreamCrowd extends Disposable {
  /** Forgets all that came so far: what each is sent at its begin is its own. */
  begin(): void;
  /** That all of them have got. */
  octets(): number;
  /** Whether all have got the same octets. */
  isEven(): boolean;
  /** What the first was told, in its order: which fault, and how often that happened. */
  told(): readonly string[];
  /** How many were cut off, since they read too slowly. */
  cutOff(): number;
  /** From what happened to the event at the first. */
  latenciesMs(): readonly number[];
}

export async function streamCrowd(url: string, clients: number): Promise<StreamCrowd> {
  const arrivals: Arrival[] = [];
  const heard = Array.from({ length: clients }, () => ({ octets: 0, sum: 0 }));
  const sockets: Socket[] = [];
  for (let first = 0; first < clients; first += OPENED_AT_ONCE) {
    const some = heard.slice(first, first + OPENED_AT_ONCE).map((own, at) =>
      openStream(
        url,
        (octets) => {
          own.octets += octets.length;
          own.sum = crc32(octets, own.sum);
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
      for (const own of heard) Object.assign(own, { octets: 0, sum: 0 });
    },
    octets: () => heard.reduce((sum, { octets }) => sum + octets, 0),
    isEven: () => heard.every(({ octets, sum }) => octets === heard[0]?.octets && sum === heard[0].sum),
    told: () => {
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
