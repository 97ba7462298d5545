/** A file is not where its path says: a link stands on the way, or something that is no regular file at its end. */
export class NotExact extends Error {
  override readonly name = 'NotExact';
}

/** Files of folders that others may write to. Paths are absolute. */
export interface ExactFiles {
  /**
   * The content of the regular file at exactly this path; `undefined` where there is none. Throws `NotExact` where a link
   * leads elsewhere, and where it has more than `maxBytes` octets.
   */
  readExact(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Where a path leads without links; `undefined` where nothing is there. */
  canonical(path: string): Promise<string | undefined>;
}
