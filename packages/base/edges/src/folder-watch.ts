/** A watch on a folder. */
export interface FolderWatch {
  close(): void;
}

/**
 * Calls `onChange` at least once if a file in the folder is created, removed or written; subfolders are not watched.
 * Returns `undefined` if the folder cannot be watched, so a caller that must not miss a change also polls.
 */
export type WatchFolder = (path: string, onChange: () => void) => FolderWatch | undefined;
