/** A reply of which only the bytes matter, made once for all who ask. */
export interface Page {
  readonly etag: string;
  readonly bytes: Buffer;
}

/**
 * Addresses whose replies are kept at a time. A robot has some hundreds of entities with a handful of cached resources
 * each; one that has more, or a client that asks under every alias, begins anew rather than growing.
 */
const MAX_PAGES = 4096;
/** What they weigh together: an id has as many aliases as there are ways to write its dashes, and a list can be long. */
export const MAX_OCTETS = 32 * 1024 * 1024;

/**
 * Replies made from the tree, kept as bytes until the tree changes. The tag is boot id and generation: the same after the
 * same changes would not be the same tree after a restart.
 */
export class PageCache {
  readonly #bootId: string;
  readonly #generation: () => number;
  readonly #pages = new Map<string, Page>();
  #octets = 0;
  #generationKept = -1;
  #etag = '';

  constructor({ bootId, generation }: { readonly bootId: string; readonly generation: () => number }) {
    this.#bootId = bootId;
    this.#generation = generation;
  }

  get(key: string): Page | undefined {
    this.#refresh();
    return this.#pages.get(key);
  }

  /** Keeps what `make` writes of the tree of this moment. What it throws is not kept. */
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
    if (generation === this.#generationKept) return;
    this.#generationKept = generation;
    this.#etag = treeTag(this.#bootId, generation);
    this.#clear();
  }
}

/** The ETag of everything that is made from the tree of a generation, in one run of the gateway. */
export function treeTag(bootId: string, generation: number): string {
  return `"${bootId}-${generation}"`;
}

/** True where the `If-None-Match` header of a request names the tag (RFC 9110, 13.1.2: weak comparison). */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header === etag || header === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
