export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Metadata of a file or folder, read without opening it. */
export interface FileState {
  /** The path with every link resolved. */
  readonly path: string;
  /** Both are false for a device or a socket. */
  readonly isFile: boolean;
  readonly isFolder: boolean;
  readonly bytes: number;
  /** Last change of the content, milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Permission bits with set-user-ID, set-group-ID and sticky bit: the lowest twelve bits. */
  readonly mode: number;
}

/** Bytes of a file from `first` to `last`, both included. */
export interface OctetRange {
  readonly first: number;
  readonly last: number;
}

/** A file at any depth below a folder. */
export interface FileBelow {
  /** Relative to the folder, separated by `/`. */
  readonly path: string;
  /** Permission bits with set-user-ID, set-group-ID and sticky bit: the lowest twelve bits. */
  readonly mode: number;
}

/** The path is not exactly that of a regular file: it contains a link, or ends at something else. */
export class NotExact extends Error {
  override readonly name = 'NotExact';
}

/** Read access to a file system. Paths are absolute. Failures are the errors of the system and name the path. */
export interface Files {
  /**
   * Returns the text of a file (UTF-8), or `undefined` if it does not exist. With `regularOnly` it throws for a pipe or
   * device, which may block forever or never end.
   */
  readText(path: string, options?: { readonly regularOnly?: boolean }): Promise<string | undefined>;
  /** Reads a file, or a range of it, chunk by chunk. */
  read(path: string, range?: OctetRange): AsyncIterable<Uint8Array>;
  /** Returns the entries of a folder in name order, or an empty list if the folder does not exist. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** Returns `undefined` if the path does not exist. */
  stateOf(path: string): Promise<FileState | undefined>;
  /** Returns the path with all links resolved, or `undefined` if it does not exist. */
  canonical(path: string): Promise<string | undefined>;
  /**
   * Returns the target of a link, or `undefined` if the path does not exist or is no link. With `linkOnly` it throws
   * for anything but a link.
   */
  readLink(path: string, options?: { readonly linkOnly?: boolean }): Promise<string | undefined>;
  /**
   * Returns the content of the regular file at exactly this path, for folders that other users may write to. Returns
   * `undefined` if it does not exist. Throws `NotExact` if the path contains a link, or if the file has more than
   * `maxBytes` bytes.
   */
  readExact(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /**
   * Like `readExact`, chunk by chunk; each chunk is valid until the next is requested. Also throws `NotExact` if the
   * file does not exist.
   */
  readContent(path: string): AsyncIterable<Uint8Array>;
  /**
   * Returns every file below a folder, sorted by path. Throws `NotExact` if the folder contains a link or a special
   * file.
   */
  filesBelow(path: string): Promise<readonly FileBelow[]>;
  /** Free bytes on the file system of this folder. */
  freeBytes(path: string): Promise<number>;
}

/**
 * Write access to a file system. Paths are absolute. Data is on disk when the promise resolves, except after `create`
 * and `append`. Failures are the errors of the system.
 */
export interface WritableFiles {
  /** Creates a file that only this user can read. Renames an existing file to `<path>.old`. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Appends to a file. Throws if it does not exist. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Creates a file that only this user can read, and its folder if needed. */
  write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Creates a file in an existing folder. `mode` sets its permissions, such as 0o755. Call `syncFolder` to bring its
   * name to disk.
   */
  writeContent(path: string, mode: number, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Replaces or creates a small file atomically. Creates its folder if needed.
   *
   * @param mode permissions of the file, such as 0o600 for its owner alone (default: 0o644)
   */
  replaceText(path: string, text: string, mode?: number): Promise<void>;
  /** Creates a folder and its parents, readable by every user. Does nothing if it exists. */
  makeFolder(path: string): Promise<void>;
  /** Waits until the names in a folder are on disk. */
  syncFolder(path: string): Promise<void>;
  /** Moves a file or folder to a path that does not exist. Creates the parent folders, readable only by this user. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file, a link, or a folder with its content. Does nothing if it does not exist. */
  remove(path: string): Promise<void>;
  /** Atomically points a link at `target`, creating it if needed; `undefined` removes it. */
  pointLink(path: string, target: string | undefined): Promise<void>;
}
