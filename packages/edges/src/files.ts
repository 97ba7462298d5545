export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** The part of a file system that medkit reads. Paths are absolute. */
export interface Files {
  /** The text of a file (UTF-8), or `undefined` where there is none. Throws on any other failure, naming the path. */
  readText(path: string): Promise<string | undefined>;
  /** The entries of a folder in name order, or an empty list where there is no such folder. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
}
