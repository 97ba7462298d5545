import type {
  BindOptions,
  Clock,
  DatagramSocket,
  Datagrams,
  NetworkInterface,
  SocketAddress,
  WritableFiles,
} from '@medkit/edges';
import { Recorder, type RecordingOptions } from './recorder.ts';

export interface RecordedDatagramsOptions {
  readonly datagrams: Datagrams;
  readonly clock: Clock;
  readonly files: WritableFiles;
  readonly recording: RecordingOptions;
  /** One sentence for the operator, without a full stop: the recording is full, lacks something, or has ended. */
  readonly report: (sentence: string) => void;
}

/**
 * Datagrams that are written to a pcap file on their way, which Wireshark opens. Nobody on the wire notices, also when the
 * disk is slow or full. Everything is in the file once the last socket has been closed. Throws where the file cannot be
 * made.
 */
export async function recordedDatagrams(options: RecordedDatagramsOptions): Promise<Datagrams> {
  const recorder = new Recorder(options);
  await recorder.start();
  return new RecordedDatagrams(options, recorder);
}

class RecordedDatagrams implements Datagrams {
  readonly #datagrams: Datagrams;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  #open = 0;

  constructor({ datagrams, clock }: RecordedDatagramsOptions, recorder: Recorder) {
    this.#datagrams = datagrams;
    this.#clock = clock;
    this.#recorder = recorder;
  }

  interfaces(): readonly NetworkInterface[] {
    return this.#datagrams.interfaces();
  }

  async bind(options: BindOptions): Promise<DatagramSocket> {
    let recorded: RecordedSocket | undefined;
    const socket = await this.#datagrams.bind({
      ...options,
      onDatagram: (bytes, from) => {
        const to = recorded?.receivesAs ?? options;
        this.#recorder.record(this.#clock.wallMs(), { from, to }, [bytes]);
        options.onDatagram(bytes, from);
      },
    });
    this.#open += 1;
    recorded = new RecordedSocket(socket, {
      sent: (parts, from, to) => this.#recorder.record(this.#clock.wallMs(), { from, to }, parts),
      closed: async () => {
        this.#open -= 1;
        if (this.#open === 0) await this.#recorder.flush();
      },
    });
    return recorded;
  }
}

interface SocketEvents {
  readonly sent: (parts: readonly Uint8Array[], from: SocketAddress, to: SocketAddress) => void;
  readonly closed: () => Promise<void>;
}

class RecordedSocket implements DatagramSocket {
  readonly #socket: DatagramSocket;
  readonly #events: SocketEvents;
  /** The system does not say which address a datagram was sent to: the socket's own, or the group it is a member of. */
  receivesAs: SocketAddress;

  constructor(socket: DatagramSocket, events: SocketEvents) {
    this.#socket = socket;
    this.#events = events;
    this.receivesAs = socket.local;
  }

  get local(): SocketAddress {
    return this.#socket.local;
  }

  get receiveBufferBytes(): number {
    return this.#socket.receiveBufferBytes;
  }

  get sendFailures(): DatagramSocket['sendFailures'] {
    return this.#socket.sendFailures;
  }

  send(parts: readonly Uint8Array[], port: number, address: string): void {
    this.#events.sent(parts, this.local, { address, port });
    this.#socket.send(parts, port, address);
  }

  joinGroup(group: string, interfaceAddress: string): void {
    this.#socket.joinGroup(group, interfaceAddress);
    this.receivesAs = { address: group, port: this.local.port };
  }

  setMulticastInterface(interfaceAddress: string): void {
    this.#socket.setMulticastInterface(interfaceAddress);
  }

  async close(): Promise<void> {
    await this.#socket.close();
    await this.#events.closed();
  }
}
