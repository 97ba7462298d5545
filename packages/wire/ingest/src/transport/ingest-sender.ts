import type { Clock, DatagramSocket, Datagrams, StreamConnection, StreamSockets, Timer } from '@medkit/edges';
import { LENGTH_BYTES, MAX_FRAME_BYTES } from './frame-reader.ts';
import type { IngestAddress } from './ingest-address.ts';

/** The sending end of the transport. Never blocks the caller. */
export interface IngestSender {
  /**
   * Sends one message. Returns false if it was dropped because no receiver is connected or it is too slow. Never waits
   * and never throws. The caller may reuse the memory of `octets`.
   */
  send(octets: Uint8Array): boolean;
  close(): void;
}

export interface IngestSenderOptions {
  readonly address: IngestAddress;
  readonly datagrams: Datagrams;
  readonly streams: StreamSockets;
  readonly clock: Clock;
}

/** Interval between attempts to open a lost or refused connection. */
const RETRY_MS = 200;

/** Opens a sender to an address, whether or not a receiver listens there. Messages are dropped until it is ready. */
export function openIngestSender({ address, datagrams, streams, clock }: IngestSenderOptions): IngestSender {
  return address.kind === 'udp'
    ? datagramSender(address, datagrams, clock)
    : streamSender(address.path, streams, clock);
}

/** Opens a resource, and reopens it after a loss, at most once per {@link RETRY_MS}. */
function keepOpen<T extends { close(): unknown }>(clock: Clock, open: (onLost: () => void) => Promise<T>) {
  let current: T | undefined;
  let isClosed = false;
  let timer: Timer | undefined;

  function attempt(): void {
    let isLost = false;
    const again = (): void => {
      if (isLost || isClosed) return;
      isLost = true;
      current = undefined;
      timer = clock.after(RETRY_MS, attempt);
    };
    open(again).then((opened) => {
      if (isClosed || isLost) void opened.close();
      else current = opened;
    }, again);
  }

  attempt();
  return {
    get current() {
      return current;
    },
    close(): void {
      isClosed = true;
      timer?.cancel();
      void current?.close();
      current = undefined;
    },
  };
}

function datagramSender(
  { host, port }: IngestAddress & { readonly kind: 'udp' },
  datagrams: Datagrams,
  clock: Clock,
): IngestSender {
  const socket = keepOpen<DatagramSocket>(clock, () =>
    datagrams.bind({ address: host, port: 0, onDatagram: () => undefined }),
  );
  return {
    send(octets) {
      if (!socket.current) return false;
      const before = socket.current.sendFailures.count;
      // On loopback, the operating system takes a datagram immediately or not at all, so its memory can be reused.
      socket.current.send([octets], port, host);
      return socket.current.sendFailures.count === before;
    },
    close: () => socket.close(),
  };
}

function streamSender(path: string, streams: StreamSockets, clock: Clock): IngestSender {
  const frame = new Uint8Array(LENGTH_BYTES + MAX_FRAME_BYTES);
  const lengthView = new DataView(frame.buffer);
  const connection = keepOpen<StreamConnection>(clock, (onLost) =>
    streams.connect(path, { onOctets: () => undefined, onClose: onLost }),
  );
  return {
    send(octets) {
      // A partly sent frame is still in `frame` and must be completed before any other.
      if (!connection.current || connection.current.waitingBytes > 0) return false;
      if (octets.length === 0 || octets.length > MAX_FRAME_BYTES) return false;
      lengthView.setUint32(0, octets.length, true);
      frame.set(octets, LENGTH_BYTES);
      connection.current.write(frame.subarray(0, LENGTH_BYTES + octets.length));
      return true;
    },
    close: () => connection.close(),
  };
}
