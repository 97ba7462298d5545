import { type Files, NotExact, type WritableFiles } from '@medkit/edges';
import { RECEIVED_FILE } from '../artifact/manifest.ts';
import type { ArchiveSink } from './archive-sink.ts';
import type { TransferContent } from './transfer-parts.ts';
import { unpackArtifact } from './unpack-artifact.ts';

/** Folders next to the artifacts, with names that are no ids: the artifact being unpacked, and the one it replaces. */
const INCOMING = '.medkit-incoming-';
const REPLACED = '.medkit-replaced-';

/** Longer than any record: 64 hexadecimal digits, and a number. */
const MAX_RECORD_BYTES = 256;

/**
 * The artifacts that clients sent, in the artifacts folder. An artifact appears there under its id when all of it is on
 * disk. Its record of the transfer shows a client that lost the last reply that the transfer is complete.
 */
export class ReceivedArtifacts implements ArchiveSink {
  readonly place = 'robot';
  readonly #artifactsFolder: string;
  readonly #files: Files & WritableFiles;

  constructor(artifactsFolder: string, files: Files & WritableFiles) {
    this.#artifactsFolder = artifactsFolder;
    this.#files = files;
  }

  /** Returns the artifacts folder without links; creates it if needed. */
  async root(): Promise<string> {
    const found = await this.#files.canonical(this.#artifactsFolder);
    if (found !== undefined) return found;
    await this.#files.makeFolder(this.#artifactsFolder);
    return (await this.#files.canonical(this.#artifactsFolder)) ?? this.#artifactsFolder;
  }

  /** Returns whether the artifact is the result of a transfer of this content. */
  async has(id: string, content: TransferContent): Promise<boolean> {
    const root = await this.#files.canonical(this.#artifactsFolder);
    if (root === undefined) return false;
    try {
      const record = await this.#files.readExact(`${root}/${id}/${RECEIVED_FILE}`, MAX_RECORD_BYTES);
      return record !== undefined && Buffer.from(record).toString() === recordOf(content);
    } catch (error) {
      // Whatever has this name was not transferred, and is replaced.
      if (error instanceof NotExact || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
      throw error;
    }
  }

  /** Unpacks and checks an archive, and lays the artifact down. Replaces an artifact of the same id. */
  async add(id: string, content: TransferContent, read: () => AsyncIterable<Uint8Array>): Promise<void> {
    const files = this.#files;
    const root = await this.root();
    const [incoming, replaced] = [`${root}/${INCOMING}${id}`, `${root}/${REPLACED}${id}`];
    await files.remove(incoming);
    try {
      await unpackArtifact(read(), incoming, { id, sha256: content.sha256, record: recordOf(content), files });
    } catch (error) {
      // If that fails, the next attempt or the next start removes it.
      await files.remove(incoming).catch(() => undefined);
      throw error;
    }
    if (await this.#exists(root, id)) {
      await files.remove(replaced);
      await files.move(`${root}/${id}`, replaced);
    }
    await files.move(incoming, `${root}/${id}`);
    await files.remove(replaced);
  }

  /** Restores artifacts that an earlier process was about to replace, and removes those that it did not complete. */
  async recover(): Promise<void> {
    const files = this.#files;
    const root = await files.canonical(this.#artifactsFolder);
    if (root === undefined) return;
    for (const { name } of await files.list(root)) {
      if (name.startsWith(INCOMING)) await files.remove(`${root}/${name}`);
      if (!name.startsWith(REPLACED)) continue;
      const id = name.slice(REPLACED.length);
      if (await this.#exists(root, id)) await files.remove(`${root}/${name}`);
      else await files.move(`${root}/${name}`, `${root}/${id}`);
    }
  }

  async #exists(root: string, id: string): Promise<boolean> {
    return (await this.#files.list(root)).some(({ name }) => name === id);
  }
}

function recordOf({ sha256, total }: TransferContent): string {
  return `${sha256} ${total}\n`;
}
