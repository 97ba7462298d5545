export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** What the system says of a file or folder without opening it. */
export interface FileState {
  /** The path with every link followed. */
  readonly path: string;
  /** Neither is true for a device or a socket. */
  readonly isFile: boolean;
  readonly isFolder: boolean;
  readonly bytes: number;
  /** When its content changed last, milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Who may read, write and run it, and as whom: the lowest twelve bits. */
  readonly mode: number;
}

/** Octets of a file from `first` to `last`, both included. */
export interface OctetRange {
  readonly first: number;
  readonly last: number;
}

/** A file somewhere below a folder. */
export interface FileBelow {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  /** Who may read, write and run it, and as whom: the lowest twelve bits. */
  readonly mode: number;
}

/** A file is not where its path says: a link stands on the way, or something that is no regular file at its end. */
export class NotExact extends Error {
  override readonly name = 'NotExact';
}

/** What is read of a file system. Paths are absolute. Failures are what the system says, and name the path. */
export interface Files {
  /**
   * The text of a file (UTF-8), or `undefined` where there is none. With `regularOnly` it throws for a pipe or device, which
   * may have nothing to read for ever, or no end.
   */
  readText(path: string, options?: { readonly regularOnly?: boolean }): Promise<string | undefined>;
  /** Reads a file, or a part of it, chunk by chunk. */
  read(path: string, range?: OctetRange): AsyncIterable<Uint8Array>;
  /** The entries of a folder in name order, or an empty list where there is no such folder. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** `undefined` where there is nothing. */
  stateOf(path: string): Promise<FileState | undefined>;
  /** Where a path leads without links; `undefined` where nothing is there. */
  canonical(path: string): Promise<string | undefined>;
  /** What a link says, or `undefined` where there is no link. With `linkOnly` it throws where there is something else. */
  readLink(path: string, options?: { readonly linkOnly?: boolean }): Promise<string | undefined>;
  /**
   * The content of the regular file at exactly this path, of a folder that others may write to; `undefined` where there is
   * none. Throws `NotExact` where a link leads elsewhere, and where it has more than `maxBytes` octets.
   */
  readExact(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** The same chunk by chunk, each valid until the next is asked for. Throws `NotExact` also where there is none. */
  readContent(path: string): AsyncIterable<Uint8Array>;
  /** Every file below a folder, by path. Throws `NotExact` where there is a link among them, or something that is no file. */
  filesBelow(path: string): Promise<readonly FileBelow[]>;
  /** Octets that may still be written where this folder is. */
  freeBytes(path: string): Promise<number>;
}

/**
 * What is written of a file system. Paths are absolute. What is written is on disk when its promise resolves, but for what
 * `create` and `append` write. Failures are what the system says.
 */
export interface WritableFiles {
  /** A new file, which only this user can read. A file that is there is kept beside it, with `.old` behind its name. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes behind what is in the file. Throws where there is none. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** A new file that only this user can read, its folder too where there is none. */
  write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** A new file in a folder that is there. `mode`: who may read, write and run it, such as 0o755. Its name is on disk with `syncFolder`. */
  writeContent(path: string, mode: number, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Writes a small file as a whole, or not at all, replacing an existing one. Makes its folder.
   *
   * @param mode permissions of the file, such as 0o600 for its owner alone (default: 0o644)
   */
  replaceText(path: string, text: string, mode?: number): Promise<void>;
  /** A folder that everybody may look into, with those above it; nothing where it is there. */
  makeFolder(path: string): Promise<void>;
  /** Waits until the names in a folder are on disk. */
  syncFolder(path: string): Promise<void>;
  /** Moves a file or folder to where nothing is, making the folders above it, which only this user can look into. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file, a link, or a folder with all that is in it; does nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Lets a link lead to `target` from one moment to the next, whether there was one or not; `undefined` removes it. */
  pointLink(path: string, target: string | undefined): Promise<void>;
}
