/** Octets of a file from `first` to `last`, both included. */
export interface OctetRange {
  readonly first: number;
  readonly last: number;
}

/** What the file system says of a file or folder. */
export interface StoredFileFacts {
  readonly isFolder: boolean;
  /** Of a file. */
  readonly octets: number;
  /** When its content last changed, milliseconds since the Unix epoch. */
  readonly modifiedMs: number;
}

/** Files that are written once, as a stream, and read in pieces. Paths are absolute. Failures are what the system says. */
export interface StoredFiles {
  /** Writes a new file that only this user can read, its folder too where there is none, and waits until it is on disk. */
  write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** Reads a file, or a part of it, chunk by chunk. */
  read(path: string, range?: OctetRange): AsyncIterable<Uint8Array>;
  /** `undefined` where there is nothing of that name. */
  stat(path: string): Promise<StoredFileFacts | undefined>;
  /** Moves a folder to where nothing is, making the folders above it, and waits until that is on disk. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all that is in it; does nothing where there is none. */
  remove(path: string): Promise<void>;
}

/** The part of a file system that medkit writes. Paths are absolute. Every failure is what the system says. */
export interface WritableFiles {
  /** A new file, which only this user can read. A file that is there is kept beside it, with `.old` behind its name. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes behind what is in the file. Throws where there is none. */
  append(path: string, bytes: Uint8Array): Promise<void>;
}
