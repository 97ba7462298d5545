import type { Clock, DatagramSocket, Datagrams, StreamConnection, StreamSockets, Timer } from '@medkit/edges';
import { LENGTH_BYTES, MAX_FRAME_BYTES } from './frame-reader.ts';
import type { IngestAddress } from './ingest-address.ts';

/** A sender's end of the transport, which makes nobody wait. */
export interface IngestSender {
  /**
   * Sends one message. False where it was dropped: nobody is there, or does not keep up. Never waits and never throws; the
   * memory of `octets` may be used again.
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

/** Nobody is there, or is there again: asked for at most five times a second. */
const RETRY_MS = 200;

/** Opens a sender to an address, whether somebody listens there or not. Until it is ready, what is sent is dropped. */
export function openIngestSender({ address, datagrams, streams, clock }: IngestSenderOptions): IngestSender {
  return address.kind === 'udp'
    ? datagramSender(address, datagrams, clock)
    : streamSender(address.path, streams, clock);
}

/** What is there, opened again when it was lost and at first, at most once in {@link RETRY_MS}. */
function kept<T extends { close(): unknown }>(clock: Clock, open: (onLost: () => void) => Promise<T>) {
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
  const socket = kept<DatagramSocket>(clock, () =>
    datagrams.bind({ address: host, port: 0, onDatagram: () => undefined }),
  );
  return {
    send(octets) {
      if (!socket.current) return false;
      const before = socket.current.sendFailures.count;
      // On the loopback interface the system takes a datagram at once or not at all, so its memory is free again.
      socket.current.send([octets], port, host);
      return socket.current.sendFailures.count === before;
    },
    close: () => socket.close(),
  };
}

function streamSender(path: string, streams: StreamSockets, clock: Clock): IngestSender {
  const frame = new Uint8Array(LENGTH_BYTES + MAX_FRAME_BYTES);
  const lengthView = new DataView(frame.buffer);
  const connection = kept<StreamConnection>(clock, (onLost) =>
    streams.connect(path, { onOctets: () => undefined, onClose: onLost }),
  );
  return {
    send(octets) {
      // A frame that went out in part is still in `frame`, and has to be finished before any other.
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
