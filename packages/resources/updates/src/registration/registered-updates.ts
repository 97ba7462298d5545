import { SovdError } from '@medkit/contract';
import {
  assertQuota,
  errorMessage,
  fieldsOf,
  type JsonObject,
  type JsonValue,
  type Log,
  parseJson,
  stringifyJson,
  type UpdateMetadata,
} from '@medkit/core';
import { type Files, OwnedMap, type Quota, type WritableFiles } from '@medkit/edges';

export interface RegisteredUpdatesOptions {
  /** Absolute path. Created with the first update. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly log: Log;
}

/** Maximum registered updates, and maximum characters of each as JSON. */
const MAX_UPDATES = 256;
const BOUND = { what: 'updates', remedy: 'delete some first', parameter: 'limit' } as const;
const MAX_LENGTH = 65_536;
const SUFFIX = '.json';

interface Registered {
  readonly metadata: UpdateMetadata;
  readonly owner: string | undefined;
}

/** The registered updates, each in a file with the client that registered it, and all in memory. */
export class RegisteredUpdates {
  readonly #options: RegisteredUpdatesOptions;
  /** By id. Updates stored by an earlier medkit version have no owner. */
  readonly #updates = new OwnedMap<string, Registered>(MAX_UPDATES, ({ owner }) => owner);

  /** Quota of updates by the client that registered them. */
  get quota(): Quota {
    return this.#updates.quota;
  }

  constructor(options: RegisteredUpdatesOptions) {
    this.#options = options;
  }

  /** Loads the stored updates. Logs and skips damaged ones. */
  async load(): Promise<void> {
    const { files, folder, log } = this.#options;
    for (const { name } of await files.list(folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const id = name.slice(0, -SUFFIX.length);
      try {
        const registered = registeredIn((await files.readText(`${folder}/${name}`)) ?? '');
        if (registered?.metadata.id !== id) throw new Error('its file was modified');
        this.#updates.set(id, registered);
      } catch (error) {
        log('error', `Update ${folder}/${name} is ignored: ${errorMessage(error)}`);
      }
    }
  }

  all(): readonly UpdateMetadata[] {
    return Array.from(this.#updates.values(), ({ metadata }) => metadata);
  }

  get(id: string): UpdateMetadata {
    const registered = this.#updates.get(id);
    if (registered) return registered.metadata;
    throw new SovdError({ code: 'x-medkit-update-not-found', message: `There is no update ${id}` });
  }

  /** Resolves when it is on disk. */
  async add(metadata: UpdateMetadata, owner: string | undefined): Promise<void> {
    const { id } = metadata;
    const text = stringifyJson(metadata);
    if (text.length > MAX_LENGTH) {
      throw new SovdError({
        code: 'invalid-request',
        message: `The registration of ${id} has more than ${MAX_LENGTH} characters`,
      });
    }
    if (this.#updates.has(id)) {
      const message = `The update ${id} already exists: delete it first, or use another id`;
      throw new SovdError({ code: 'x-medkit-update-already-exists', message });
    }
    if (this.quota.isFull) {
      this.quota.refuse();
      const message = `There are already ${this.#updates.size} updates, the maximum: delete some`;
      throw new SovdError({ code: 'x-medkit-storage-full', message, parameters: { limit: MAX_UPDATES } });
    }
    assertQuota(this.quota, owner, BOUND);
    this.#updates.set(id, { metadata, owner });
    try {
      await this.#options.files.replaceText(this.#pathOf(id), stringifyJson({ metadata, owner: owner ?? null }));
    } catch (error) {
      this.#updates.delete(id);
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    const { files, folder } = this.#options;
    await files.remove(this.#pathOf(id));
    await files.syncFolder(folder);
    this.#updates.delete(id);
  }

  #pathOf(id: string): string {
    return `${this.#options.folder}/${id}${SUFFIX}`;
  }
}

/** Parses a file. Earlier medkit versions stored the metadata alone, which always has an id. */
function registeredIn(text: string): Registered | undefined {
  try {
    const read = fieldsOf(parseJson(text));
    if (read === undefined || 'id' in read) return registeredOf(read, undefined);
    return registeredOf(fieldsOf(read.metadata), read.owner);
  } catch {
    return undefined;
  }
}

function registeredOf(metadata: JsonObject | undefined, owner: JsonValue | undefined): Registered | undefined {
  if (typeof metadata?.id !== 'string') return undefined;
  return { metadata: metadata as UpdateMetadata, owner: typeof owner === 'string' ? owner : undefined };
}
