import { SovdError, type UpdateArtifact } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, type Files, type Timer, type WritableFiles, within } from '@medkit/edges';
import { MAX_ID_LENGTH } from '../registration/registration.ts';
import { ROOM_LEFT_BYTES } from '../release/releases.ts';
import type { ArchiveSink } from './archive-sink.ts';
import { type TransferContent, TransferParts } from './transfer-parts.ts';

/** A part of an artifact that a client sends, or a query of the bytes received. */
export interface ArtifactPart extends TransferContent {
  /** The account that sends it. */
  readonly by: string;
  /** Absent for a query. */
  readonly bytes?: {
    /** First and last byte, both included. */
    readonly first: number;
    readonly last: number;
    /** Discards the bytes received before. */
    readonly isRestart: boolean;
    readonly chunks: AsyncIterable<Uint8Array>;
  };
}

/** Receives artifacts of updates in parts, and continues after an interruption. */
export interface ArtifactReceiver {
  /**
   * Stores a part. When the last byte is stored, checks the digest and hands the archive to the sink; replies before that
   * ends if it takes long. Throws `x-medkit-range-not-satisfiable` with the offset to continue at, and
   * `x-medkit-update-refused` if the artifact is unusable.
   */
  receive(id: string, part: ArtifactPart): Promise<UpdateArtifact>;
}

export interface ArtifactTransfersOptions {
  readonly sink: ArchiveSink;
  /** Absolute path of a folder for incomplete transfers, which only the gateway writes to. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly log: Log;
}

/** A client that sends no byte for this time has lost its connection, and another request may continue. */
const STALL_MS = 20_000;
/** Time for a reply while an artifact is checked; shortly before most clients time out. */
const REPLY_MS = 8000;
const EXPIRY_CHECK_MS = 3_600_000;

/** An archive that is being unpacked, or whose error no client has received yet. */
interface Finish {
  readonly content: TransferContent;
  readonly work: Promise<void>;
}

export class ArtifactTransfers implements ArtifactReceiver {
  readonly #options: ArtifactTransfersOptions;
  readonly #parts: TransferParts;
  /** Ids for which a request stores bytes. */
  readonly #receiving = new Set<string>();
  readonly #finishing = new Map<string, Finish>();
  #expiry: Timer | undefined;

  constructor(options: ArtifactTransfersOptions) {
    this.#options = options;
    this.#parts = new TransferParts({
      ...options,
      place: options.sink.place,
      isActive: (id) => this.#receiving.has(id) || this.#finishing.has(id),
    });
  }

  /** Finishes or undoes what an earlier process left, and removes old transfers from now on. */
  async start(): Promise<void> {
    const { clock, log, sink } = this.#options;
    this.#expiry = clock.every(EXPIRY_CHECK_MS, () => {
      this.#parts
        .removeExpired()
        .catch((error) => log('warn', `Old transfers of artifacts could not be removed: ${errorMessage(error)}`));
    });
    await sink.recover?.();
    await this.#parts.removeExpired();
  }

  close(): void {
    this.#expiry?.cancel();
  }

  async receive(id: string, part: ArtifactPart): Promise<UpdateArtifact> {
    const { maxBytes, sink } = this.#options;
    if (id.length > MAX_ID_LENGTH) throw tooLongId();
    if (part.total > maxBytes) throw tooLarge(part.total, maxBytes, sink.place);
    const finish = this.#finishing.get(id);
    if (finish && isSame(finish.content, part)) return this.#outcome(id, finish);
    if (finish || this.#receiving.has(id)) throw busy(id);
    this.#receiving.add(id);
    try {
      if (await sink.has(id, part)) {
        // An earlier process may have ended before it removed the archive.
        await this.#parts.remove(id);
        return replyOf(id, part, part.total, true);
      }
      const received = await this.#store(id, part).catch(throwPublic);
      if (received < part.total) return replyOf(id, part, received, false);
      this.#finishing.set(id, this.#finish(id, part));
    } finally {
      this.#receiving.delete(id);
    }
    return this.#outcome(id, this.#finishing.get(id)!);
  }

  /** Stores the bytes of a part, and returns the number of bytes received so far. */
  async #store(id: string, { bytes, by: _, ...content }: ArtifactPart): Promise<number> {
    const received = await this.#parts.received(id, content);
    if (!bytes) return received;
    const { first, last, isRestart } = bytes;
    if (first !== received && !isRestart) throw wrongOffset(first, received, this.#options.sink.place);
    if (received === content.total && !isRestart) return received;
    await this.#assertRoom(content.total - first, content.total);
    if (first === 0) await this.#parts.begin(id, content);
    let left = last + 1 - first;
    for await (const chunk of unlessStalled(bytes.chunks, this.#options.clock)) {
      if (chunk.length > left) throw tooLong(last + 1 - first);
      await this.#parts.append(id, content, chunk);
      left -= chunk.length;
    }
    return last + 1 - left;
  }

  /** Hands the archive to the sink in the background: the client may disconnect meanwhile. */
  #finish(id: string, { sha256, total, by }: ArtifactPart): Finish {
    const content = { sha256, total };
    const work = this.#add(id, content, by).catch(throwPublic);
    work.catch((error) =>
      this.#options.log('warn', `The transferred artifact ${id} was not stored: ${errorMessage(error)}`),
    );
    return { content, work };
  }

  async #add(id: string, content: TransferContent, by: string): Promise<void> {
    try {
      await this.#options.sink.add(id, content, () => this.#parts.read(id, content), by);
    } catch (error) {
      // Another attempt with the same bytes would fail as well.
      if (isRefusal(error)) await this.#parts.remove(id);
      throw error;
    }
    await this.#parts.remove(id);
  }

  async #outcome(id: string, finish: Finish): Promise<UpdateArtifact> {
    const { clock } = this.#options;
    const { content, work } = finish;
    try {
      if (
        await within(
          clock,
          REPLY_MS,
          work.then(() => true),
          () => false,
        )
      ) {
        this.#forget(id, finish);
        return replyOf(id, content, content.total, true);
      }
      return replyOf(id, content, content.total, false);
    } catch (error) {
      this.#forget(id, finish);
      throw error;
    }
  }

  #forget(id: string, finish: Finish): void {
    if (this.#finishing.get(id) === finish) this.#finishing.delete(id);
  }

  /** Throws `x-medkit-storage-full` unless the rest of the archive and its content a second time fit on the disk. */
  async #assertRoom(rest: number, total: number): Promise<void> {
    const { folder, files, sink } = this.#options;
    await files.makeFolder(folder);
    await this.#assertFree(folder, rest + total);
    if (sink.root) await this.#assertFree(await sink.root(), total);
  }

  async #assertFree(folder: string, needed: number): Promise<void> {
    const { files, sink } = this.#options;
    const free = await files.freeBytes(folder);
    if (free - needed >= ROOM_LEFT_BYTES) return;
    const message = `The transfer needs ${needed} bytes, but ${free} bytes are free, of which ${ROOM_LEFT_BYTES} are reserved: delete files of the ${sink.place}`;
    throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { needed, free } });
  }
}

/** Yields chunks. Throws if the next one does not arrive in time. */
async function* unlessStalled(chunks: AsyncIterable<Uint8Array>, clock: Clock): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(clock, STALL_MS, source.next(), () => {
      const message = `No byte of the artifact arrived for ${STALL_MS / 1000} s: query the bytes received, and continue there`;
      throw new SovdError({ code: 'invalid-request', status: 408, message });
    });
    if (next.done) return;
    yield next.value;
  }
}

function replyOf(id: string, { total }: TransferContent, received: number, complete: boolean): UpdateArtifact {
  return { id, size: total, received, complete };
}

function isSame(one: TransferContent, other: TransferContent): boolean {
  return one.sha256 === other.sha256 && one.total === other.total;
}

function isRefusal(error: unknown): boolean {
  return error instanceof SovdError && error.code === 'x-medkit-update-refused';
}

/** Reports a full disk to the client; throws every other error unchanged. */
function throwPublic(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw code === 'ENOSPC' || code === 'EDQUOT' ? new SovdError({ code: 'x-medkit-storage-full' }) : error;
}

function wrongOffset(first: number, received: number, place: string): SovdError {
  const message = `The ${place} has ${received} bytes of this artifact, but the request begins at byte ${first}: continue at byte ${received}`;
  return new SovdError({ code: 'x-medkit-range-not-satisfiable', message, parameters: { received } });
}

function busy(id: string): SovdError {
  const message = `Another client transfers the artifact ${id}: try again when its transfer has ended`;
  return new SovdError({ code: 'x-medkit-update-in-progress', message, parameters: { update_id: id } });
}

function tooLong(declared: number): SovdError {
  const message = `The body is longer than the ${declared} bytes of Content-Range: query the bytes received, and continue there`;
  return new SovdError({ code: 'invalid-request', message });
}

function tooLarge(total: number, limit: number, place: string): SovdError {
  const message = `The artifact has ${total} bytes, more than updates.max_size_mb of this ${place} allows (${limit} bytes)`;
  return new SovdError({ code: 'payload-too-large', message, parameters: { limit } });
}

function tooLongId(): SovdError {
  const message = `The id of an update with an artifact has at most ${MAX_ID_LENGTH} characters`;
  return new SovdError({ code: 'invalid-request', message, parameters: { parameter: 'update_id' } });
}
