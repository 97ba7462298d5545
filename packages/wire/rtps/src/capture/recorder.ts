import type { WritableFiles } from '@medkit/edges';
import { encodePcapHeader, encodePcapRecord, PCAP_HEADER_BYTES } from './pcap.ts';
import { encodeUdpHeaders, MAX_UDP_PAYLOAD_BYTES, type UdpAddresses } from './udp-packet.ts';

/** Maximum data waiting for a slow disk: about a second of camera images. Further datagrams are omitted. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Options of a recording. Plain data, so that it can be passed to another thread. */
export interface RecordingOptions {
  /** Absolute path. An existing recording is renamed with the suffix `.old`. */
  readonly path: string;
  /**
   * Size in octets after which the recording ends (default 64 MiB). The first part is retained, not the last, because
   * it contains discovery, which maps endpoints to topics.
   */
  readonly limitBytes?: number;
}

interface RecorderOptions {
  readonly files: WritableFiles;
  readonly recording: RecordingOptions;
  /** Receives one sentence for the operator: the recording is full, has gaps, or has ended because of a write error. */
  readonly report: (sentence: string) => void;
}

/** Writes datagrams to a pcap file in the background. Callers never wait for the disk. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #limitBytes: number;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Size of the file including queued data. */
  #fileBytes = PCAP_HEADER_BYTES;
  #leftOut = 0;
  #ended = false;
  #writing: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#limitBytes = options.recording.limitBytes ?? DEFAULT_LIMIT_BYTES;
  }

  /** Creates the file. Throws if that fails. */
  async start(): Promise<void> {
    const { files, recording } = this.#options;
    try {
      await files.create(recording.path, encodePcapHeader());
    } catch (error) {
      throw new Error(`cannot record to ${recording.path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Queues a copy of a datagram. Never waits and never throws. */
  record(timeMs: number, ends: UdpAddresses, parts: readonly Uint8Array[]): void {
    if (this.#ended) return;
    const payloadBytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (payloadBytes > MAX_UDP_PAYLOAD_BYTES || this.#queuedBytes + payloadBytes > MAX_QUEUED_BYTES) {
      this.#leftOut += 1;
      return;
    }
    const record = encodePcapRecord(timeMs, [encodeUdpHeaders(ends, payloadBytes), ...parts]);
    if (this.#fileBytes + record.length > this.#limitBytes) {
      this.#end(`has reached its limit of ${this.#limitBytes} bytes: later datagrams are not recorded`);
      return;
    }
    this.#fileBytes += record.length;
    this.#queuedBytes += record.length;
    this.#queue.push(record);
    this.#writing ??= this.#write();
  }

  /** Resolves when all queued datagrams have been written or dropped. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#leftOut === 0) return;
    this.#report(`lacks ${this.#leftOut} datagrams, which arrived faster than they could be written`);
    this.#leftOut = 0;
  }

  async #write(): Promise<void> {
    const { files, recording } = this.#options;
    try {
      while (this.#queue.length > 0) {
        const batch = Buffer.concat(this.#queue);
        this.#queue = [];
        await files.append(recording.path, batch);
        this.#queuedBytes -= batch.length;
      }
    } catch (error) {
      this.#queue = [];
      this.#end(`has ended: ${(error as Error).message}`);
    }
    this.#writing = undefined;
  }

  #end(reason: string): void {
    this.#ended = true;
    this.#report(reason);
  }

  #report(what: string): void {
    this.#options.report(`the recording ${this.#options.recording.path} ${what}`);
  }
}
