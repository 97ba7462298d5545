import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The description of a fault that is nothing but the time at which it was reported, on the machine's monotonic clock. */
const REPORTED_AT = /"description":"(\d{6,})"/;

interface Arrival {
  readonly atNs: bigint;
  readonly octets: Buffer;
}

export interface FaultListeners extends Disposable {
  /** From report to event, of every event on every stream so far. */
  latenciesMs(): readonly number[];
}

/**
 * Opens so many event streams of faults, and waits until each has begun. What arrives is only timed, and read later: fifty
 * streams would otherwise wait for each other here.
 */
export async function listenToFaults(url: string, streams: number): Promise<FaultListeners> {
  const heard = await Promise.all(Array.from({ length: streams }, () => openStream(new URL(url))));
  return {
    latenciesMs: () => heard.flatMap(({ arrivals }) => latenciesOf(arrivals)),
    [Symbol.dispose]() {
      for (const { socket } of heard) socket.destroy();
    },
  };
}

async function openStream({ host, hostname, port, pathname }: URL): Promise<{ socket: Socket; arrivals: Arrival[] }> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const arrivals: Arrival[] = [];
  socket.on('data', (octets) => arrivals.push({ atNs: process.hrtime.bigint(), octets }));
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await once(socket, 'data');
  const [{ octets }] = arrivals;
  if (!octets.toString().startsWith('HTTP/1.1 200')) throw new Error(`${pathname} answered ${octets}`);
  return { socket, arrivals };
}

/** An event has arrived with the last of its octets. */
function latenciesOf(arrivals: readonly Arrival[]): readonly number[] {
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
