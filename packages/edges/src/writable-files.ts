/** The part of a file system that medkit writes. Paths are absolute. Every failure is what the system says. */
export interface WritableFiles {
  /** A new file, in the place of one that is there, which only this user can read. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes behind what is in the file. Throws where there is none. */
  append(path: string, bytes: Uint8Array): Promise<void>;
}
