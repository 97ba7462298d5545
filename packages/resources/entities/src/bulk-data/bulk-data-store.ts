import { createHash } from 'node:crypto';
import { type EntityKind, KIND_TERMS, SovdError } from '@medkit/contract';
import { type Clock, type Files, type OctetRange, Quota, type Random, type WritableFiles } from '@medkit/edges';
import { DESCRIPTOR, itemId, type StoredItem, safeFileName } from './stored-item.ts';
import type { FilePart, UploadFields } from './upload.ts';

export interface BulkDataStoreOptions {
  /** Absolute path. Created when first needed. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  /** Maximum size of one file, bytes; 0 for no limit. */
  readonly maxFileBytes: number;
  /** Maximum size of all files together, bytes; 0 for no limit. */
  readonly maxTotalBytes: number;
}

/** Location of the items of one category of an entity. */
export interface Shelf {
  readonly kind: EntityKind;
  readonly entityId: string;
  readonly category: string;
}

/** An uploaded file that is complete but not yet an item of a shelf. */
export interface Incoming {
  readonly folder: string;
  readonly name: string;
  readonly mimetype: string;
  readonly size: number;
  readonly sha256: string;
  readonly owner?: string;
}

/**
 * Folder of incomplete uploads. It is below the store's folder, so that moving a file into place is one atomic rename.
 */
const INCOMING = '.incoming';

/**
 * Maximum files in one category of an entity. A list returns all of them, and the byte limits do not bound empty files.
 */
export const MAX_ITEMS_ON_SHELF = 1000;

/**
 * Uploaded files on disk: `<folder>/<collection>/<entity>/<category>/<item>/` holds the file and its descriptor. An
 * item is moved into place when it is completely on disk, so that a power failure never leaves a half-written item in a
 * list.
 */
export class BulkDataStore {
  readonly #options: BulkDataStoreOptions;
  /** Bounds the bytes of all items and of running uploads, with a share for each owner. */
  readonly quota: Quota;
  /** Resolves when the items found at the start are counted in the quota. */
  #counted: Promise<void> | undefined;

  constructor(options: BulkDataStoreOptions) {
    this.#options = options;
    this.quota = new Quota(options.maxTotalBytes || Number.MAX_SAFE_INTEGER);
  }

  /** Removes incomplete uploads of an earlier process. */
  async clean(): Promise<void> {
    await this.#options.files.remove(`${this.#options.folder}/${INCOMING}`);
  }

  /** Returns the items of a shelf, newest first. Leaves out items with an unreadable descriptor. */
  async list(shelf: Shelf): Promise<readonly StoredItem[]> {
    const folder = this.#shelfFolder(shelf);
    const entries = await this.#options.files.list(folder);
    const items = await Promise.all(entries.map(({ name }) => this.#read(`${folder}/${name}`)));
    return items.filter((item) => item !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** Throws `x-medkit-storage-full` if the shelf has as many items as a list can show. */
  async refuseCrowd(shelf: Shelf): Promise<void> {
    const { length } = await this.#options.files.list(this.#shelfFolder(shelf));
    if (length < MAX_ITEMS_ON_SHELF) return;
    const message = `${shelf.entityId} has ${length} files in "${shelf.category}", the maximum; delete some`;
    throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: MAX_ITEMS_ON_SHELF } });
  }

  async find(shelf: Shelf, id: string): Promise<StoredItem | undefined> {
    return this.#read(`${this.#shelfFolder(shelf)}/${id}`);
  }

  open(shelf: Shelf, { id, name }: StoredItem, range?: OctetRange): AsyncIterable<Uint8Array> {
    return this.#options.files.read(`${this.#shelfFolder(shelf)}/${id}/${name}`, range);
  }

  /**
   * Writes an uploaded file to disk. The caller must then shelve it or throw it away. Throws `payload-too-large` and
   * `x-medkit-storage-full`.
   */
  async takeIn({ filename, mimetype, chunks }: FilePart, owner?: string): Promise<Incoming> {
    const { folder, files, random } = this.#options;
    const place = `${folder}/${INCOMING}/${Buffer.from(random.bytes(16)).toString('hex')}`;
    const name = safeFileName(filename);
    const hash = createHash('sha256');
    await this.#count();
    let size = 0;
    const measured = async function* (this: BulkDataStore): AsyncIterable<Uint8Array> {
      for await (const chunk of chunks) {
        size += chunk.length;
        this.quota.add(owner, chunk.length);
        this.#refuseOversize(size, owner);
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      await files.write(`${place}/${name}`, measured.call(this));
    } catch (error) {
      await this.throwAway({ folder: place, size, ...(owner !== undefined && { owner }) });
      throw storageError(error);
    }
    const sha256 = hash.digest('hex');
    const type = mimetype || 'application/octet-stream';
    return { folder: place, name, mimetype: type, size, sha256, ...(owner !== undefined && { owner }) };
  }

  async throwAway({ folder, size, owner }: Pick<Incoming, 'folder' | 'size' | 'owner'>): Promise<void> {
    await this.#options.files.remove(folder);
    this.quota.release(owner, size);
  }

  /**
   * Turns a received file into an item. The item is safe on disk when this resolves. If this rejects, the caller must
   * throw the file away.
   */
  async shelve(shelf: Shelf, { folder, ...file }: Incoming, fields: UploadFields): Promise<StoredItem> {
    const { files, clock, random } = this.#options;
    const item: StoredItem = {
      id: itemId(shelf.category, clock.wallNs(), random.bytes(4)),
      creation_date: new Date(clock.wallMs()).toISOString(),
      ...file,
      ...fields,
    };
    try {
      await files.write(`${folder}/${DESCRIPTOR}`, once(Buffer.from(JSON.stringify(item))));
      await files.move(folder, `${this.#shelfFolder(shelf)}/${item.id}`);
    } catch (error) {
      throw storageError(error);
    }
    return item;
  }

  async remove(shelf: Shelf, { id, size, owner }: StoredItem): Promise<void> {
    await this.#count();
    await this.#options.files.remove(`${this.#shelfFolder(shelf)}/${id}`);
    this.quota.release(owner, size);
  }

  #shelfFolder({ kind, entityId, category }: Shelf): string {
    return `${this.#options.folder}/${KIND_TERMS[kind].collection}/${entityId}/${category}`;
  }

  async #read(folder: string): Promise<StoredItem | undefined> {
    const text = await this.#options.files.readText(`${folder}/${DESCRIPTOR}`);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as StoredItem;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Adds the items found at the start to the quota: once, and again if that failed. */
  async #count(): Promise<void> {
    this.#counted ??= this.#itemsIn(this.#options.folder, SHELF_DEPTH).then((items) => {
      for (const { owner, size } of items) this.quota.add(owner, size);
    });
    const counted = this.#counted;
    try {
      await counted;
    } catch (error) {
      if (this.#counted === counted) this.#counted = undefined;
      throw error;
    }
  }

  async #itemsIn(folder: string, depth: number): Promise<readonly StoredItem[]> {
    if (depth === 0) return [await this.#read(folder)].filter((item) => item !== undefined);
    const items: StoredItem[] = [];
    for (const { name, isDirectory } of await this.#options.files.list(folder)) {
      if (isDirectory && name !== INCOMING) items.push(...(await this.#itemsIn(`${folder}/${name}`, depth - 1)));
    }
    return items;
  }

  #refuseOversize(size: number, owner: string | undefined): void {
    const { maxFileBytes, maxTotalBytes } = this.#options;
    if (maxFileBytes > 0 && size > maxFileBytes) {
      throw new SovdError({ code: 'payload-too-large', parameters: { limit: maxFileBytes } });
    }
    if (maxTotalBytes === 0) return;
    if (this.quota.total > maxTotalBytes) {
      this.quota.refuse();
      const message = `The total size of all files would exceed bulk_data.max_total_size, ${maxTotalBytes} bytes; delete some`;
      throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: maxTotalBytes } });
    }
    if (owner !== undefined && this.quota.heldBy(owner) > this.quota.shareOf(owner)) {
      this.quota.refuse();
      const held = this.quota.heldBy(owner) - size;
      const message = `${owner} has files of ${held} bytes, and the rest of bulk_data.max_total_size, ${maxTotalBytes} bytes, is reserved for others; delete some`;
      throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: maxTotalBytes, held } });
    }
  }
}

/** Folder levels between the store's folder and an item. */
const SHELF_DEPTH = 4;

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Reports a full disk to the client; returns every other error unchanged, for the log. */
function storageError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new SovdError({ code: 'x-medkit-storage-full' }) : error;
}
