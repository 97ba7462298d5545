import { createHash } from 'node:crypto';
import { type EntityKind, KIND_WORDS, SovdError } from '@medkit/contract';
import { type Clock, type Files, type OctetRange, Quota, type Random, type WritableFiles } from '@medkit/edges';
import { DESCRIPTOR, itemId, type StoredItem, safeFileName } from './stored-item.ts';
import type { FilePart, UploadFields } from './upload.ts';

export interface BulkDataStoreOptions {
  /** Absolute path. Created when first needed. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly clock: Clock;
  readonly random: Random;
  /** Largest file, octets; 0 for no limit. */
  readonly maxFileBytes: number;
  /** All files together, octets; 0 for no limit. */
  readonly maxTotalBytes: number;
}

/** Where the items of one category of an entity are. */
export interface Shelf {
  readonly kind: EntityKind;
  readonly entityId: string;
  readonly category: string;
}

/** A file that is being taken in: not an item before it is shelved. */
export interface Incoming {
  readonly folder: string;
  readonly name: string;
  readonly mimetype: string;
  readonly size: number;
  readonly sha256: string;
  readonly owner?: string;
}

/** Where files are taken in: below the same folder, so that moving them into place is one step of the file system. */
const INCOMING = '.incoming';

/** Files of one category of an entity. A list shows all of them, and files without content weigh nothing. */
export const MAX_ITEMS_ON_SHELF = 1000;

/**
 * Uploaded files on disk: `<folder>/<collection>/<entity>/<category>/<item>/` with the file and its descriptor. An item is
 * moved into place when all of it is on disk, so that nothing half-written is ever listed, whenever the power goes.
 */
export class BulkDataStore {
  readonly #options: BulkDataStoreOptions;
  /** Bounds the octets of all items, and of what is being taken in or waits to be shelved, by who uploads them. */
  readonly quota: Quota;
  /** Resolves when the items that were there at the start are among them. */
  #counted: Promise<void> | undefined;

  constructor(options: BulkDataStoreOptions) {
    this.#options = options;
    this.quota = new Quota(options.maxTotalBytes || Number.MAX_SAFE_INTEGER);
  }

  /** Removes what a gateway that was killed had begun to take in. */
  async clean(): Promise<void> {
    await this.#options.files.remove(`${this.#options.folder}/${INCOMING}`);
  }

  /** The items of a shelf, the newest first. One whose descriptor cannot be read is left out. */
  async list(shelf: Shelf): Promise<readonly StoredItem[]> {
    const folder = this.#shelfFolder(shelf);
    const entries = await this.#options.files.list(folder);
    const items = await Promise.all(entries.map(({ name }) => this.#read(`${folder}/${name}`)));
    return items.filter((item) => item !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  /** Throws `x-medkit-storage-full` where the shelf has as many items as a list can show. */
  async refuseCrowd(shelf: Shelf): Promise<void> {
    const { length } = await this.#options.files.list(this.#shelfFolder(shelf));
    if (length < MAX_ITEMS_ON_SHELF) return;
    const message = `${shelf.entityId} has ${length} files in "${shelf.category}", which is the most; delete some`;
    throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: MAX_ITEMS_ON_SHELF } });
  }

  async find(shelf: Shelf, id: string): Promise<StoredItem | undefined> {
    return this.#read(`${this.#shelfFolder(shelf)}/${id}`);
  }

  open(shelf: Shelf, { id, name }: StoredItem, range?: OctetRange): AsyncIterable<Uint8Array> {
    return this.#options.files.read(`${this.#shelfFolder(shelf)}/${id}/${name}`, range);
  }

  /** Takes a file in. What was taken in is to be shelved or thrown away. Throws `payload-too-large` and `x-medkit-storage-full`. */
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

  /** Makes an item of what was taken in. It is safe on disk when this resolves; where it rejects, it is to be thrown away. */
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
    return `${this.#options.folder}/${KIND_WORDS[kind].collection}/${entityId}/${category}`;
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

  /** Counts what was there at the start: once, or again where that failed. */
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
      const message = `All files together would be larger than bulk_data.max_total_size, ${maxTotalBytes} bytes; delete some`;
      throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: maxTotalBytes } });
    }
    if (owner !== undefined && this.quota.heldBy(owner) > this.quota.shareOf(owner)) {
      this.quota.refuse();
      const held = this.quota.heldBy(owner) - size;
      const message = `${owner} has files of ${held} bytes, and the rest of bulk_data.max_total_size, ${maxTotalBytes} bytes, is left to others; delete some`;
      throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: maxTotalBytes, held } });
    }
  }
}

/** Folders between that of the store and that of an item. */
const SHELF_DEPTH = 4;

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** What the system says of a full disk is the client's news too; everything else is for the log. */
function storageError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new SovdError({ code: 'x-medkit-storage-full' }) : error;
}
