/** A file somewhere below a folder. */
export interface FileBelow {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  /** Who may read, write and run it, and as whom: the lowest twelve bits. */
  readonly mode: number;
}

/**
 * Folders of files that take each other's place as a whole, behind a link. Paths are absolute. What is written is on disk when
 * its promise resolves. Failures are what the system says.
 */
export interface ReleaseFiles {
  /**
   * The content of the regular file at exactly this path, whose folders are no links. A chunk is valid until the next is asked
   * for. Throws `NotExact` where a link leads elsewhere, or where it is no regular file or none at all.
   */
  readContent(path: string): AsyncIterable<Uint8Array>;
  /** Every file below a folder, by path. Throws `NotExact` where there is a link among them, or something that is no file. */
  filesBelow(path: string): Promise<readonly FileBelow[]>;
  /** A new file in a folder that is there. `mode`: who may read, write and run it, such as 0o755. Its name is on disk with `syncFolder`. */
  writeContent(path: string, mode: number, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** A small file as a whole, or not at all, in the place of the one that is there. Makes its folder. */
  replaceText(path: string, text: string): Promise<void>;
  /** A folder that everybody may look into, with those above it; nothing where it is there. */
  makeFolder(path: string): Promise<void>;
  /** Waits until the names in a folder are on disk. */
  syncFolder(path: string): Promise<void>;
  /** Moves a folder to where nothing is, in a folder that is there. */
  moveFolder(from: string, to: string): Promise<void>;
  /** A file, a link, or a folder with all that is in it; does nothing where there is none. */
  removeAll(path: string): Promise<void>;
  /** What a link says; `undefined` where nothing is. Throws where there is something else than a link. */
  linkTarget(path: string): Promise<string | undefined>;
  /** Lets a link lead to `target` from one moment to the next, whether there was one or not; `undefined` removes it. */
  pointLink(path: string, target: string | undefined): Promise<void>;
  /** Octets that may still be written where this folder is. */
  freeBytes(path: string): Promise<number>;
}
