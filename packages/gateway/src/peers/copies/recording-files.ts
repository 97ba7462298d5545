import { dirname } from 'node:path';
import type { Files, OctetRange, WritableFiles } from '@medkit/edges';
import { StoreFull } from '@medkit/store';
import type { CopiedFile, CopiedRecording } from './recording-copy.ts';

/** Folder of incoming recordings: below the same folder, so that moving one into place is atomic. */
const INCOMING = 'incoming';
/** Disk space left free for other data. */
const LEFT_FREE_BYTES = 100_000_000;

/** The files of one recording, in a numbered folder. */
type StoredFiles = Pick<CopiedRecording, 'place' | 'files'>;

/** A file that is being received. */
export interface IncomingFile {
  readonly name: string;
  readonly tag: string;
  readonly octets: AsyncIterable<Uint8Array>;
}

export interface RecordingFilesOptions {
  readonly storage: Files & WritableFiles;
  /** Absolute. Created when first needed. */
  readonly folder: string;
}

/** Returns whether an error means that the disk is full. */
export function isOfFullDisk(error: unknown): boolean {
  const { code } = Object(error) as NodeJS.ErrnoException;
  return error instanceof StoreFull || code === 'ENOSPC' || code === 'EDQUOT';
}

/** The files of copied recordings on disk. Errors of the disk are thrown unchanged. */
export class RecordingFiles {
  readonly #storage: Files & WritableFiles;
  readonly #folder: string;
  #lastPlace = 0;

  constructor({ storage, folder }: RecordingFilesOptions) {
    this.#storage = storage;
    this.#folder = folder;
  }

  /** Returns whether every file of a recording is on disk with its full size. */
  async areComplete({ place, files }: StoredFiles): Promise<boolean> {
    const states = await Promise.all(files.map((_, at) => this.#storage.stateOf(`${this.#folder}/${place}/${at}`)));
    return files.every(({ size }, at) => states[at]?.bytes === size);
  }

  /** Removes everything in the folder except these recordings. Call it before any recording is received. */
  async removeOthers(stored: readonly StoredFiles[]): Promise<void> {
    const places = new Set(stored.map(({ place }) => String(place)));
    const found = (await this.#storage.list(this.#folder)).map(({ name }) => name);
    for (const name of found) if (!places.has(name)) await this.#storage.remove(`${this.#folder}/${name}`);
    this.#lastPlace = Math.max(0, ...found.map(Number).filter(Number.isSafeInteger));
  }

  /** Receives the files of a recording in sequence. Resolves when they are on disk; if it throws, nothing is left. */
  async receive(files: AsyncIterable<IncomingFile>): Promise<StoredFiles> {
    const incoming = `${this.#folder}/${INCOMING}`;
    const received: CopiedFile[] = [];
    await this.#storage.remove(incoming);
    try {
      for await (const { name, tag, octets } of files) {
        const path = `${incoming}/${received.length}`;
        await this.#storage.write(path, octets);
        received.push({ name, size: (await this.#storage.stateOf(path))?.bytes ?? 0, tag });
      }
      await this.#storage.syncFolder(incoming);
      this.#lastPlace += 1;
      await this.#storage.move(incoming, `${this.#folder}/${this.#lastPlace}`);
    } catch (error) {
      await this.#storage.remove(incoming);
      throw error;
    }
    return { place: this.#lastPlace, files: received };
  }

  async remove({ place }: Pick<StoredFiles, 'place'>): Promise<void> {
    await this.#storage.remove(`${this.#folder}/${place}`);
  }

  read({ place, files }: StoredFiles, { name }: CopiedFile, range?: OctetRange): AsyncIterable<Uint8Array> {
    const at = files.findIndex((file) => file.name === name);
    return this.#storage.read(`${this.#folder}/${place}/${at}`, range);
  }

  /** Throws `StoreFull` unless the disk has space for this many bytes, besides the free reserve. */
  async assertSpaceFor(bytes: number): Promise<void> {
    // The data folder exists; this folder may not exist yet.
    const folder = (await this.#storage.stateOf(this.#folder)) ? this.#folder : dirname(this.#folder);
    const freeBytes = (await this.#storage.freeBytes(folder)) - bytes;
    if (freeBytes < LEFT_FREE_BYTES) throw new StoreFull('the disk has not enough free space');
  }
}
