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
