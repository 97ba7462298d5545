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

/** What the system says of a file or folder without opening it. */
export interface FileState {
  /** The path with every link followed. */
  readonly path: string;
  /** False for a folder, a device, a socket. */
  readonly isFile: boolean;
  readonly bytes: number;
  /** When its content changed last, milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** The part of a file system that tells of files. Paths are absolute. */
export interface FileStates {
  /** `undefined` where there is nothing. Throws on any other failure, naming the path. */
  stateOf(path: string): Promise<FileState | undefined>;
}

/** The symbolic links of a file system. Paths are absolute. */
export interface Links {
  /** What a link says, or `undefined` where there is no link. Throws on any other failure, naming the path. */
  readLink(path: string): Promise<string | undefined>;
}
