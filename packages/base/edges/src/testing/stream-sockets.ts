import { AddressInUse } from '../datagrams.ts';
import type {
  StreamConnection,
  StreamEvents,
  StreamListener,
  StreamListenOptions,
  StreamSockets,
} from '../stream-sockets.ts';

/** Streams between programs, in memory. Written data arrives immediately, up to the free `room`. */
export class SimulatedStreams implements StreamSockets {
  readonly #listeners = new Map<string, StreamListenOptions>();
  /** Connections of each listener, by its path. */
  readonly #ends = new Map<string, Set<SimulatedEnd>>();
  /** Number of calls of `connect`, including rejected ones. */
  attempts = 0;
  /** Bytes that readers still accept; the rest waits until `makeRoom`. */
  room = Number.POSITIVE_INFINITY;

  async listen(options: StreamListenOptions): Promise<StreamListener> {
    const { path } = options;
    if (this.#listeners.has(path)) throw new AddressInUse(`${path} is in use by another program`);
    this.#listeners.set(path, options);
    this.#ends.set(path, new Set());
    return {
      close: async () => {
        this.#listeners.delete(path);
        for (const end of this.#ends.get(path) ?? []) end.close();
        this.#ends.delete(path);
      },
    };
  }

  async connect(path: string, events: StreamEvents): Promise<StreamConnection> {
    this.attempts += 1;
    const listener = this.#listeners.get(path);
    if (listener === undefined) throw new Error(`connect ECONNREFUSED ${path}`);
    const [near, far] = [new SimulatedEnd(this), new SimulatedEnd(this)];
    near.other = far;
    far.other = near;
    near.events = events;
    far.events = listener.onConnection(far);
    if (far.events === undefined) queueMicrotask(() => far.close());
    else this.#ends.get(path)?.add(far);
    return near;
  }

  /** Lets readers accept `octets` more bytes, waiting data first. */
  makeRoom(octets: number): void {
    this.room += octets;
    for (const end of [...this.#ends.values()].flatMap((ends) => [...ends])) {
      end.other?.flush();
      end.flush();
    }
  }
}

class SimulatedEnd implements StreamConnection {
  readonly #streams: SimulatedStreams;
  #waiting: Uint8Array = new Uint8Array(0);
  #isOpen = true;
  other: SimulatedEnd | undefined;
  events: StreamEvents | undefined;

  constructor(streams: SimulatedStreams) {
    this.#streams = streams;
  }

  get waitingBytes(): number {
    return this.#waiting.length;
  }

  write(octets: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#waiting = this.#waiting.length === 0 ? octets : Buffer.concat([this.#waiting, octets]);
    this.flush();
  }

  flush(): void {
    const taken = this.#waiting.subarray(0, Math.min(this.#waiting.length, this.#streams.room));
    if (taken.length === 0) return;
    this.#waiting = this.#waiting.subarray(taken.length);
    this.#streams.room -= taken.length;
    this.other?.events?.onOctets(taken);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.other?.end();
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.events?.onClose();
  }
}
