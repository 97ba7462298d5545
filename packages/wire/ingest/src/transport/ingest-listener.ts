import { type Datagrams, Quota, type QuotaFigures, type StreamSockets } from '@medkit/edges';
import { frameReader } from './frame-reader.ts';
import type { IngestAddress } from './ingest-address.ts';

/** What a listener has met since it was opened. */
export interface TransportCounts {
  /** Given to `onMessage`. */
  readonly messages: number;
  /** Connections that were accepted, those that have ended among them. */
  readonly connections: number;
  /** Connections that were closed to make room for another one. */
  readonly displaced: number;
  /** Connections that were closed for a frame of no octets or of too many. */
  readonly badFrames: number;
}

/** A receiver's end of the transport. */
export interface OpenIngestListener {
  /** With the port that the system chose, where it was to choose one. */
  readonly address: IngestAddress;
  readonly counts: TransportCounts;
  /** Bounds the connections of a Unix socket. */
  readonly quota: { figures(): QuotaFigures };
  close(): Promise<void>;
}

export interface IngestListenerOptions {
  readonly address: IngestAddress;
  readonly datagrams: Datagrams;
  readonly streams: StreamSockets;
  /** Octets of UDP that may wait in the system; what the system thinks best unless given. */
  readonly receiveBufferBytes?: number;
  /** One message, valid during the call. Returns whether it was taken: a connection that sends none gives way to others. */
  onMessage(octets: Uint8Array): boolean;
}

/** The sender and its group, nobody else. */
const SOCKET_MODE = 0o660;
/**
 * One sender, those that are about to take its place, and some by mistake. Each may keep a frame of 64 KiB waiting. One more
 * displaces a connection that has sent nothing that was taken.
 */
const MAX_CONNECTIONS = 16;

/**
 * Listens at an address. Throws `AddressInUse` where another program has it, another error where the system refuses. Whoever
 * opens it asks `missingKeyProblem` first.
 */
export async function openIngestListener(options: IngestListenerOptions): Promise<OpenIngestListener> {
  const counts = { messages: 0, connections: 0, displaced: 0, badFrames: 0 };
  const quota = new Quota(MAX_CONNECTIONS);
  const figures = () => ({ ...quota.figures(), evicts: true as const });
  const onMessage = (octets: Uint8Array): boolean => {
    counts.messages += 1;
    return options.onMessage(octets);
  };
  const { address } = options;
  if (address.kind === 'udp') {
    const socket = await options.datagrams.bind({
      address: address.host,
      port: address.port,
      ...(options.receiveBufferBytes && { receiveBufferBytes: options.receiveBufferBytes }),
      onDatagram: (octets) => void onMessage(octets),
    });
    return {
      address: { ...address, port: socket.local.port },
      counts,
      quota: { figures },
      close: () => socket.close(),
    };
  }
  /** Open connections: those that sent nothing that was taken first, then by when they last did. */
  const open = new Set<{ close(): void; isUseful: boolean }>();
  const displace = (): void => {
    const [first] = open;
    const silent = [...open].find(({ isUseful }) => !isUseful) ?? first;
    if (!silent) return;
    counts.displaced += 1;
    quota.refuse();
    silent.close();
  };
  const listener = await options.streams.listen({
    path: address.path,
    mode: SOCKET_MODE,
    onConnection(connection) {
      if (quota.isFull) displace();
      counts.connections += 1;
      const own = {
        isUseful: false,
        close(): void {
          end();
          connection.close();
        },
      };
      const end = (): void => {
        if (open.delete(own)) quota.release(undefined);
      };
      open.add(own);
      quota.add(undefined);
      const frames = frameReader((octets) => {
        if (!onMessage(octets)) return;
        own.isUseful = true;
        // The one that was useful last is the last to give way.
        if (open.delete(own)) open.add(own);
      });
      return {
        onOctets(octets) {
          if (!open.has(own) || frames.read(octets)) return;
          counts.badFrames += 1;
          own.close();
        },
        onClose: end,
      };
    },
  });
  return { address, counts, quota: { figures }, close: () => listener.close() };
}
