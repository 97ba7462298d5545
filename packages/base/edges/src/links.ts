/** The symbolic links of a file system. Paths are absolute. */
export interface Links {
  /** What a link says, or `undefined` where there is no link. Throws on any other failure, naming the path. */
  readLink(path: string): Promise<string | undefined>;
}
