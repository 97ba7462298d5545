import type { AuditService, RecordNotifier } from '@medkit/audit';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { RECORD_CLASSES, type UplinkLog } from '@medkit/uplink';

/** Audit records per read. */
const PAGE = 100;
/** Delay before a failed read or write is repeated. */
const RETRY_MS = 5000;

export interface AuditRecordsOptions extends Pick<RecordNotifier, 'onAppended'> {
  readonly service: Pick<AuditService, 'tail'>;
  readonly log: UplinkLog;
  readonly clock: Pick<Clock, 'after'>;
  readonly report: Log;
}

/**
 * Copies each record of the audit log into the uplink log, so that the hub is a witness of its hash chain. The position
 * is stored with the copies: after a restart it continues without a loss. Begins with the newest record. Returns a
 * function that stops it.
 */
export function copyAuditRecords({ onAppended, service, log, clock, report }: AuditRecordsOptions): () => void {
  const { beforeLast, eventsAfter } = service.tail({});
  let [isCopying, isWoken, isStopped] = [false, true, false];
  let retry: Timer | undefined;

  const copy = async (): Promise<void> => {
    if (isCopying || isStopped) return;
    isCopying = true;
    try {
      let position = (await log.auditPosition()) ?? (await beforeLast(1));
      while (isWoken && !isStopped) {
        isWoken = false;
        for (;;) {
          const { events } = await eventsAfter(position, PAGE);
          const last = events.at(-1);
          if (!last || isStopped) break;
          position = last.id;
          const records = events.map((event) => ({
            kind: 'audit' as const,
            class: RECORD_CLASSES.audit,
            body: JSON.stringify(event),
          }));
          await log.append(records, position);
        }
      }
    } catch (error) {
      report('error', `audit records are sent to the fleet hub later: ${errorMessage(error)}`);
      isWoken = true;
      retry ??= clock.after(RETRY_MS, () => {
        retry = undefined;
        void copy();
      });
    } finally {
      isCopying = false;
    }
  };
  const leave = onAppended(() => {
    isWoken = true;
    void copy();
  });
  void copy();
  return () => {
    isStopped = true;
    leave();
    retry?.cancel();
  };
}
