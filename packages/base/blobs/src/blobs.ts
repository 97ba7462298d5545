import type { OctetRange } from '@medkit/edges';

/** A key: names of lower-case letters, digits, `-` and `_`, separated by `/`. */
const KEY = /^[a-z0-9][a-z0-9_-]*(?:\/[a-z0-9][a-z0-9_-]*)*$/;
/** Longest key in characters: half of what S3 permits, so that a bucket may have a prefix. */
const MAX_KEY_CHARS = 512;

export interface StoredBlob {
  readonly bytes: number;
  /** Digest of the content, hexadecimal. */
  readonly sha256: string;
}

/** An entry of the list of keys. */
export interface ListedBlob {
  readonly key: string;
  readonly bytes: number;
  /** When it was stored, milliseconds since 1970. */
  readonly storedMs: number;
}

/** How a server sends content to a client that has a URL for it. */
export interface DownloadHeaders {
  readonly mimetype: string;
  /** Value of `Content-Disposition`. */
  readonly disposition: string;
}

/** Bytes under keys. All calls throw `BlobError`, and `TypeError` for a malformed key. */
export interface Blobs {
  /** Where it is, for people: a folder, or the bucket and the address of its server. */
  readonly place: string;
  /** Stores content, which replaces earlier content of the key as a whole. If it throws, the key is unchanged. */
  put(key: string, chunks: AsyncIterable<Uint8Array>): Promise<StoredBlob>;
  /** Opens content, or a range of it. The caller checks the range with `head`. Throws `missing` if the key has none. */
  get(key: string, range?: OctetRange): Promise<AsyncIterable<Uint8Array>>;
  /** Returns the number of bytes; `undefined` if the key has no content. */
  head(key: string): Promise<{ readonly bytes: number } | undefined>;
  /** Removes content. Does nothing if the key has none. */
  remove(key: string): Promise<void>;
  /**
   * Returns a URL with which any client may read or store the content for `seconds`; `undefined` if the store has no
   * server that could answer it.
   * @param headers those of the reply to `get`, instead of the ones that the server chooses
   */
  presign(method: 'get' | 'put', key: string, seconds: number, headers?: DownloadHeaders): Promise<string | undefined>;
  /** Lists all keys that begin with `prefix`, in any order. */
  list(prefix: string): AsyncIterable<ListedBlob>;
}

/** Throws `TypeError` if a key is malformed: it becomes a path of a folder or of a URL. */
export function checkKey(key: string): void {
  if (KEY.test(key) && key.length <= MAX_KEY_CHARS) return;
  throw new TypeError(`The key ${JSON.stringify(key.slice(0, 80))} is malformed`);
}
