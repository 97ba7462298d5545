/** A folder that is watched. */
export interface FolderWatch {
  close(): void;
}

/**
 * Calls `onChange` whenever a file in a folder comes, goes or is written, once or several times for each; not for what is in
 * folders below. Gives nothing where the folder cannot be watched: who has to hear of everything looks by themselves as well.
 */
export type WatchFolder = (path: string, onChange: () => void) => FolderWatch | undefined;
