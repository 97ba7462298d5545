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
  /** Receives one sentence for the operator, without a full stop: the recording is full, incomplete, or has ended. */
  readonly report: (sentence: string) => void;
}

/**
 * Wraps `datagrams` so that all traffic is also written to a pcap file, for example for Wireshark. A slow or full disk
 * does not affect the traffic. The file is complete once the last socket has been closed. Throws if the file cannot be
 * created.
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
  /**
   * Destination address to record. The operating system does not report whether a datagram was sent to the socket's own
   * address or to the group it joined.
   */
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
