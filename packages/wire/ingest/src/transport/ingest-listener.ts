import { type Datagrams, Quota, type QuotaFigures, type StreamSockets } from '@medkit/edges';
import { frameReader } from './frame-reader.ts';
import type { IngestAddress } from './ingest-address.ts';

/** Counts since the listener was opened. */
export interface TransportCounts {
  /** Messages passed to `onMessage`. */
  readonly messages: number;
  /** Accepted connections, including closed ones. */
  readonly connections: number;
  /** Connections closed to make room for another one. */
  readonly displaced: number;
  /** Connections closed because of a frame with zero or too many octets. */
  readonly badFrames: number;
}

/** The receiving end of the transport. */
export interface OpenIngestListener {
  /** If the operating system chose the port, the address contains it. */
  readonly address: IngestAddress;
  readonly counts: TransportCounts;
  /** Limits the connections of a Unix socket. */
  readonly quota: { figures(): QuotaFigures };
  close(): Promise<void>;
}

export interface IngestListenerOptions {
  readonly address: IngestAddress;
  readonly datagrams: Datagrams;
  readonly streams: StreamSockets;
  /** Receive buffer size for UDP, octets. Default: that of the operating system. */
  readonly receiveBufferBytes?: number;
  /**
   * Receives one message, valid during the call. Returns whether it was accepted. Connections without accepted messages
   * are displaced first.
   */
  onMessage(octets: Uint8Array): boolean;
}

/** Access for the sender and its group only. */
const SOCKET_MODE = 0o660;
/**
 * Maximum connections: one sender, its successors, and a few opened by mistake. Each may buffer a frame of 64 KiB. A
 * further connection displaces one without accepted messages.
 */
const MAX_CONNECTIONS = 16;

/**
 * Listens at an address. Throws `AddressInUse` if another program uses it, or another error of the operating system.
 * The caller must check `missingKeyProblem` first.
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
  /** Open connections: first those without accepted messages, then by the time of their last accepted message. */
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
      const entry = {
        isUseful: false,
        close(): void {
          end();
          connection.close();
        },
      };
      const end = (): void => {
        if (open.delete(entry)) quota.release(undefined);
      };
      open.add(entry);
      quota.add(undefined);
      const frames = frameReader((octets) => {
        if (!onMessage(octets)) return;
        entry.isUseful = true;
        // The connection with the latest accepted message is displaced last.
        if (open.delete(entry)) open.add(entry);
      });
      return {
        onOctets(octets) {
          if (!open.has(entry) || frames.read(octets)) return;
          counts.badFrames += 1;
          entry.close();
        },
        onClose: end,
      };
    },
  });
  return { address, counts, quota: { figures }, close: () => listener.close() };
}
