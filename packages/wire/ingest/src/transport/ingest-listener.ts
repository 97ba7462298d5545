import type { Datagrams, StreamSockets } from '@medkit/edges';
import { frameReader } from './frame-reader.ts';
import type { IngestAddress } from './ingest-address.ts';

/** What a listener has met since it was opened. */
export interface TransportCounts {
  /** Given to `onMessage`. */
  readonly messages: number;
  /** Connections that were accepted, those that have ended among them. */
  readonly connections: number;
  /** Connections that were refused, as there were enough. */
  readonly refused: number;
  /** Connections that were closed for a frame of no octets or of too many. */
  readonly badFrames: number;
}

/** A receiver's end of the transport. */
export interface OpenIngestListener {
  /** With the port that the system chose, where it was to choose one. */
  readonly address: IngestAddress;
  readonly counts: TransportCounts;
  close(): Promise<void>;
}

export interface IngestListenerOptions {
  readonly address: IngestAddress;
  readonly datagrams: Datagrams;
  readonly streams: StreamSockets;
  /** Octets of UDP that may wait in the system; what the system thinks best unless given. */
  readonly receiveBufferBytes?: number;
  /** One message, valid during the call. */
  onMessage(octets: Uint8Array): void;
}

/** The sender and its group, nobody else. */
const SOCKET_MODE = 0o660;
/** One sender, those that are about to take its place, and some by mistake. Each may keep a frame of 64 KiB waiting. */
const MAX_CONNECTIONS = 16;

/**
 * Listens at an address. Throws `AddressInUse` where another program has it, another error where the system refuses. Whoever
 * opens it asks `missingKeyProblem` first.
 */
export async function openIngestListener(options: IngestListenerOptions): Promise<OpenIngestListener> {
  const counts = { messages: 0, connections: 0, refused: 0, badFrames: 0 };
  const onMessage = (octets: Uint8Array): void => {
    counts.messages += 1;
    options.onMessage(octets);
  };
  const { address } = options;
  if (address.kind === 'udp') {
    const socket = await options.datagrams.bind({
      address: address.host,
      port: address.port,
      ...(options.receiveBufferBytes && { receiveBufferBytes: options.receiveBufferBytes }),
      onDatagram: onMessage,
    });
    return { address: { ...address, port: socket.local.port }, counts, close: () => socket.close() };
  }
  let open = 0;
  const listener = await options.streams.listen({
    path: address.path,
    mode: SOCKET_MODE,
    onConnection(connection) {
      if (open === MAX_CONNECTIONS) {
        counts.refused += 1;
        return undefined;
      }
      open += 1;
      counts.connections += 1;
      let isOpen = true;
      const end = (): void => {
        if (isOpen) open -= 1;
        isOpen = false;
      };
      const frames = frameReader(onMessage);
      return {
        onOctets(octets) {
          if (!isOpen || frames.read(octets)) return;
          counts.badFrames += 1;
          end();
          connection.close();
        },
        onClose: end,
      };
    },
  });
  return { address, counts, close: () => listener.close() };
}
