import type { AuditTail, RecordNotifier } from '@medkit/audit';
import type { AuditRecord } from '@medkit/contract';
import type { Clock, Timer } from '@medkit/edges';

/** Records per read. */
const PAGE = 100;
/** Delay before a failed read of the log is repeated. */
const RETRY_MS = 5000;

export interface NewRecordsOptions extends Pick<RecordNotifier, 'onAppended'> {
  readonly read: AuditTail['eventsAfter'];
  readonly listener: (record: AuditRecord) => void;
  readonly clock: Pick<Clock, 'after'>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Calls `listener` with every new record of a log, in order. The writer only knows their numbers, so they are read back
 * with their hashes, in batches. Returns a function that unsubscribes.
 */
export function newRecords({ onAppended, read, listener, clock, onFailure }: NewRecordsOptions): () => void {
  /** Last record passed to the listener; records up to `newest` are pending. */
  let delivered: number | undefined;
  let newest = 0;
  let isReading = false;
  let retry: Timer | undefined;
  let isStopped = false;

  const deliver = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      while (delivered !== undefined && delivered < newest && !isStopped) {
        const upTo = newest;
        const { events } = await read(delivered, PAGE);
        if (isStopped) return;
        for (const event of events) listener(event);
        delivered = events.length < PAGE ? Math.max(upTo, events.at(-1)?.id ?? 0) : events.at(-1)?.id;
      }
    } catch (error) {
      onFailure(error);
      retry ??= clock.after(RETRY_MS, () => {
        retry = undefined;
        void deliver();
      });
    } finally {
      isReading = false;
    }
  };
  const leave = onAppended((seqs) => {
    delivered ??= Math.min(...seqs) - 1;
    newest = Math.max(newest, ...seqs);
    void deliver();
  });
  return () => {
    isStopped = true;
    leave();
    retry?.cancel();
  };
}
