import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Matches a fault description that consists of the report time, in nanoseconds of the machine's monotonic clock. */
const REPORTED_AT = /"description":"(\d{6,})"/;

export interface Arrival {
  readonly atNs: bigint;
  readonly octets: Buffer;
}

export interface FaultListeners extends Disposable {
  /** Times from report to event, for every event on every stream so far. */
  latenciesMs(): readonly number[];
}

/**
 * Opens this many event streams of faults and waits until each has begun. Arrivals are only time-stamped and parsed
 * later: otherwise fifty streams would delay each other in this process.
 */
export async function listenToFaults(url: string, streams: number): Promise<FaultListeners> {
  const arrivals: Arrival[][] = Array.from({ length: streams }, () => []);
  const sockets = await Promise.all(
    arrivals.map((received) => openStream(url, (octets) => received.push(arrival(octets)))),
  );
  return {
    latenciesMs: () => arrivals.flatMap(latenciesOf),
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

export const arrival = (octets: Buffer): Arrival => ({ atNs: process.hrtime.bigint(), octets });

/** Opens a stream after the event `lastId` and waits until it has begun. Calls `onData` with all later data. */
export async function openStream(url: string, onData: (octets: Buffer) => void, lastId?: number): Promise<Socket> {
  const { host, hostname, port, pathname, search } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const seen = lastId === undefined ? '' : `Last-Event-ID: ${lastId}\r\n`;
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${seen}\r\n`);
  let text = '';
  while (!text.includes(':connected')) {
    const [octets] = await once(socket, 'data');
    text += octets;
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(`${pathname} answered ${text}`);
  }
  socket.on('data', onData);
  return socket;
}

/** Returns the times from report to event. An event has arrived with its last byte. */
export function latenciesOf(arrivals: readonly Arrival[]): readonly number[] {
  const latenciesMs: number[] = [];
  let rest = '';
  for (const { atNs, octets } of arrivals) {
    const frames = (rest + octets.toString()).split('\n\n');
    rest = frames.pop() as string;
    for (const frame of frames) {
      const reportedAtNs = REPORTED_AT.exec(frame)?.[1];
      if (reportedAtNs !== undefined) latenciesMs.push(Number(atNs - BigInt(reportedAtNs)) / 1e6);
    }
  }
  return latenciesMs;
}
