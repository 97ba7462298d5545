export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** The part of a file system that medkit reads. Paths are absolute. */
export interface Files {
  /**
   * The text of a file (UTF-8), or `undefined` where there is none. Throws on any other failure, naming the path; with
   * `regularOnly` also for a pipe or device, which may have nothing to read for ever, or no end.
   */
  readText(path: string, options?: { readonly regularOnly?: boolean }): Promise<string | undefined>;
  /** The entries of a folder in name order, or an empty list where there is no such folder. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
}
