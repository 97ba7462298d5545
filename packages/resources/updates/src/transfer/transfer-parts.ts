import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import { type Clock, type Files, taskQueue, type WritableFiles } from '@medkit/edges';

/** The content of a transfer: with another content, the transfer begins again. */
export interface TransferContent {
  /** SHA-256 of the whole archive, lowercase hexadecimal. */
  readonly sha256: string;
  /** Bytes of the whole archive. */
  readonly total: number;
}

export interface TransferPartsOptions {
  /** Absolute path of a folder that only the gateway writes to. Created when first needed. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  /** What stores the artifacts, for messages. */
  readonly place: 'hub' | 'robot';
  /** Returns whether a transfer of this id is running. */
  readonly isActive: (id: string) => boolean;
}

/** Maximum incomplete transfers on disk. The transfer without a byte for the longest time is removed first. */
export const MAX_TRANSFERS = 4;
/** An incomplete transfer is removed after this time without a byte. */
export const MAX_IDLE_MS = 86_400_000;

/**
 * Incomplete archives on disk: `<folder>/<id>/<sha256>-<total>`. The length of the file is the number of bytes received,
 * so that a transfer continues after a restart. The digest is checked when the archive is whole.
 */
export class TransferParts {
  readonly #options: TransferPartsOptions;
  /** Transfers that begin together must not pass the bound. */
  readonly #beginning = taskQueue();

  constructor(options: TransferPartsOptions) {
    this.#options = options;
  }

  /** Returns the number of bytes received of this content. */
  async received(id: string, content: TransferContent): Promise<number> {
    return (await this.#options.files.stateOf(this.#pathOf(id, content)))?.bytes ?? 0;
  }

  /** Begins a transfer, and removes an earlier one of the same id. Throws `x-medkit-storage-full` at too many others. */
  begin(id: string, content: TransferContent): Promise<void> {
    return this.#beginning(() => this.#begin(id, content));
  }

  async #begin(id: string, content: TransferContent): Promise<void> {
    const { files, isActive, place } = this.#options;
    await this.remove(id);
    const others = await this.#transfers();
    if (others.length >= MAX_TRANSFERS) {
      const oldest = others.find((other) => !isActive(other.id));
      if (!oldest) {
        const message = `${others.length} artifacts are being transferred to this ${place}, the maximum: try again later`;
        throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: MAX_TRANSFERS } });
      }
      await this.remove(oldest.id);
    }
    await files.write(this.#pathOf(id, content), Readable.from([]));
  }

  append(id: string, content: TransferContent, bytes: Uint8Array): Promise<void> {
    return this.#options.files.append(this.#pathOf(id, content), bytes);
  }

  read(id: string, content: TransferContent): AsyncIterable<Uint8Array> {
    return this.#options.files.read(this.#pathOf(id, content));
  }

  remove(id: string): Promise<void> {
    return this.#options.files.remove(`${this.#options.folder}/${id}`);
  }

  /** Removes transfers that received nothing for a day. */
  async removeExpired(): Promise<void> {
    const { clock, isActive } = this.#options;
    const beforeMs = clock.wallMs() - MAX_IDLE_MS;
    for (const { id, changedMs } of await this.#transfers()) {
      if (changedMs < beforeMs && !isActive(id)) await this.remove(id);
    }
  }

  /** Returns the transfers on disk, the one without a byte for the longest time first. */
  async #transfers(): Promise<readonly { readonly id: string; readonly changedMs: number }[]> {
    const { folder, files } = this.#options;
    const found = await Promise.all(
      (await files.list(folder)).map(async ({ name: id }) => {
        const parts = await files.list(`${folder}/${id}`);
        const states = await Promise.all(parts.map(({ name }) => files.stateOf(`${folder}/${id}/${name}`)));
        return { id, changedMs: Math.max(0, ...states.map((state) => state?.modifiedMs ?? 0)) };
      }),
    );
    return found.sort((a, b) => a.changedMs - b.changedMs);
  }

  #pathOf(id: string, { sha256, total }: TransferContent): string {
    return `${this.#options.folder}/${id}/${sha256}-${total}`;
  }
}
