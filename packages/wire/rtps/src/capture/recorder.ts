import type { WritableFiles } from '@medkit/edges';
import { encodePcapHeader, encodePcapRecord, PCAP_HEADER_BYTES } from './pcap.ts';
import { encodeUdpHeaders, MAX_UDP_PAYLOAD_BYTES, type UdpEnds } from './udp-packet.ts';

/** What a slow disk may owe: a second of a camera. Beyond it datagrams are left out, not waited for. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Where to record to. Plain data, so that it can be handed to another thread. */
export interface RecordingOptions {
  /** Absolute. A recording that is there is kept beside it, with `.old` behind its name. */
  readonly path: string;
  /**
   * Octets after which the recording ends (default 64 MiB). The first part is kept, not the last: it holds discovery,
   * without which nobody can tell which topic an endpoint belongs to.
   */
  readonly limitBytes?: number;
}

interface RecorderOptions {
  readonly files: WritableFiles;
  readonly recording: RecordingOptions;
  /** One sentence for the operator: the recording is full, has holes, or has ended because it could not be written. */
  readonly report: (sentence: string) => void;
}

/** Writes datagrams to a pcap file behind the back of whoever hands them over: nothing waits for the disk. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #limitBytes: number;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Of the file, with what is still queued. */
  #fileBytes = PCAP_HEADER_BYTES;
  #leftOut = 0;
  #ended = false;
  #writing: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#limitBytes = options.recording.limitBytes ?? DEFAULT_LIMIT_BYTES;
  }

  /** Begins the file. Throws where that is not possible. */
  async start(): Promise<void> {
    const { files, recording } = this.#options;
    try {
      await files.create(recording.path, encodePcapHeader());
    } catch (error) {
      throw new Error(`cannot record to ${recording.path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Takes a copy of a datagram. Never waits and never throws. */
  record(timeMs: number, ends: UdpEnds, parts: readonly Uint8Array[]): void {
    if (this.#ended) return;
    const payloadBytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (payloadBytes > MAX_UDP_PAYLOAD_BYTES || this.#queuedBytes + payloadBytes > MAX_QUEUED_BYTES) {
      this.#leftOut += 1;
      return;
    }
    const record = encodePcapRecord(timeMs, [encodeUdpHeaders(ends, payloadBytes), ...parts]);
    if (this.#fileBytes + record.length > this.#limitBytes) {
      this.#end(`is full at ${this.#limitBytes} octets: what comes now is not in it`);
      return;
    }
    this.#fileBytes += record.length;
    this.#queuedBytes += record.length;
    this.#queue.push(record);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything taken so far is in the file, or cannot be. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#leftOut === 0) return;
    this.#report(`lacks ${this.#leftOut} datagrams, which came faster than they could be written`);
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

  #end(why: string): void {
    this.#ended = true;
    this.#report(why);
  }

  #report(what: string): void {
    this.#options.report(`the recording ${this.#options.recording.path} ${what}`);
  }
}
