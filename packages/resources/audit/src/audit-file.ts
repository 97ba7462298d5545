import type { Store } from '@medkit/store';
import type { RecordNotifier } from './record-notifier.ts';
import type { WaitingDatabase } from './waiting-file.ts';

/** The file of the audit log, which faults and requests share: one chain holds the records of both. */
export interface AuditFile extends Pick<RecordNotifier, 'onAppended'> {
  /** `undefined` until the first use. */
  readonly path: string | undefined;
  /** The store, while it is open. */
  readonly opened: Store | undefined;
  /** True while the disk is full and the reserve is used up. */
  readonly isShort: boolean;
  /** Where records wait on this machine; present if the log is on another one, and has `WAITING_RECEIPTS`. */
  readonly waiting?: WaitingDatabase | undefined;
  /** Returns whether the file exists: if not, there is nothing to read, and no file is created. */
  exists(): Promise<boolean>;
  /** Opens the store at the first call. Throws what `openStore` throws; the next call tries again. */
  store(): Promise<Store>;
  close(): Promise<void>;
}
