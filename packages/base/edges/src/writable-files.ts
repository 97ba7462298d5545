/** The part of a file system that medkit writes. Paths are absolute. Every failure is what the system says. */
export interface WritableFiles {
  /** A new file, which only this user can read. A file that is there is kept beside it, with `.old` behind its name. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes behind what is in the file. Throws where there is none. */
  append(path: string, bytes: Uint8Array): Promise<void>;
}
