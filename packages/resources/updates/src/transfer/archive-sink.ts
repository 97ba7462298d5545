import type { TransferContent } from './transfer-parts.ts';

/** Receives archives that are complete on disk. */
export interface ArchiveSink {
  /** What stores them, for messages to clients. */
  readonly place: 'hub' | 'robot';
  /** Finishes or undoes what an earlier process left. */
  recover?(): Promise<void>;
  /** Returns whether the artifact is the result of a transfer of this content. */
  has(id: string, content: TransferContent): Promise<boolean>;
  /** Returns the folder whose disk must have room for the content a second time. */
  root?(): Promise<string>;
  /**
   * Checks an archive and stores it as a whole, instead of an earlier one of this id. Throws `x-medkit-update-refused` if it
   * is unusable. `by` is the account that sent the last part.
   */
  add(id: string, content: TransferContent, read: () => AsyncIterable<Uint8Array>, by: string): Promise<void>;
}
