/** A serialised reply, made once for all clients. */
export interface Page {
  readonly etag: string;
  readonly bytes: Buffer;
}

/**
 * Maximum cached replies. A robot has some hundreds of entities with a handful of cached resources each. If more are
 * requested, for example under every alias, the cache is cleared.
 */
const MAX_PAGES = 4096;
/** Maximum bytes of all cached replies: an id has an alias for each way to write its dashes, and a list can be long. */
export const MAX_OCTETS = 32 * 1024 * 1024;

/**
 * Replies made from the tree, cached as bytes until the tree changes. The ETag is boot id and generation: the
 * generation alone could repeat after a restart.
 */
export class PageCache {
  readonly #bootId: string;
  readonly #generation: () => number;
  readonly #pages = new Map<string, Page>();
  #octets = 0;
  #cachedGeneration = -1;
  #etag = '';

  constructor({ bootId, generation }: { readonly bootId: string; readonly generation: () => number }) {
    this.#bootId = bootId;
    this.#generation = generation;
  }

  get(key: string): Page | undefined {
    this.#refresh();
    return this.#pages.get(key);
  }

  /** Caches the reply that `make` creates from the current tree. An error is not cached. */
  make(key: string, make: () => string): Page {
    this.#refresh();
    const page = { etag: this.#etag, bytes: Buffer.from(make()) };
    if (this.#pages.size >= MAX_PAGES || this.#octets + page.bytes.length > MAX_OCTETS) this.#clear();
    this.#pages.set(key, page);
    this.#octets += page.bytes.length;
    return page;
  }

  #clear(): void {
    this.#pages.clear();
    this.#octets = 0;
  }

  #refresh(): void {
    const generation = this.#generation();
    if (generation === this.#cachedGeneration) return;
    this.#cachedGeneration = generation;
    this.#etag = treeTag(this.#bootId, generation);
    this.#clear();
  }
}

/** Returns the ETag of every reply made from one generation of the tree, in one run of the gateway. */
export function treeTag(bootId: string, generation: number): string {
  return `"${bootId}-${generation}"`;
}

/** Returns whether an `If-None-Match` header matches the tag (RFC 9110, 13.1.2: weak comparison). */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag || header === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
