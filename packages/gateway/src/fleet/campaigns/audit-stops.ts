import type { AuditFile } from '@medkit/audit';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Fleet, GateStop } from '@medkit/fleet';
import type { AuditRecord, Store } from '@medkit/store';

/** Fault code and transition of the record of a stop by a gate. */
const CODE = '__campaign__';
const TRANSITION = 'campaign_stopped';
/** Interval of retries while the record of the fleet or the audit log is not available. */
const RETRY_MS = 5000;

export interface AuditStopsOptions {
  readonly fleet: { readonly campaigns: Pick<Fleet['campaigns'], 'stops'> } & Pick<Fleet, 'onChange'>;
  readonly auditFile: Pick<AuditFile, 'store'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly log: Log;
}

/**
 * Writes each stop of a campaign by its gate into the audit log, once: a stop stays in the record of the fleet until the
 * log has it. `close` waits for the write under way.
 */
export function auditStops({ fleet, auditFile, clock, log }: AuditStopsOptions): { close(): Promise<void> } {
  const { stops } = fleet.campaigns;
  let [isFailing, isAgain, isClosed] = [false, false, false];
  let running: Promise<void> | undefined;

  const deliver = async (): Promise<void> => {
    for (const stop of await stops.unaudited()) {
      if (isClosed) return;
      const store = await auditFile.store();
      const record = recordOf(stop);
      // The hub may have ended between this write and the next one, or the result of a write was lost.
      if (!(await hasRecord(store, stop, record))) await store.write([], { audit: [record] }, 'disk');
      await stops.settle(stop);
    }
  };
  const run = (): void => {
    isAgain = running !== undefined;
    if (isAgain || isClosed) return;
    running = deliver()
      .then(
        () => {
          isFailing = false;
        },
        (error: unknown) => {
          const text = `cannot write the stop of a campaign into the audit log, the hub retries: ${errorMessage(error)}`;
          if (!isFailing) log('error', text);
          isFailing = true;
        },
      )
      .finally(() => {
        running = undefined;
        if (isAgain) run();
      });
  };
  const timer = clock.every(RETRY_MS, () => {
    if (isFailing) run();
  });
  const stopListening = fleet.onChange(({ topic }) => {
    if (topic === 'campaigns') run();
  });
  run();
  return {
    close: async () => {
      isClosed = true;
      timer.cancel();
      stopListening();
      await running;
    },
  };
}

/** Begins the description; names of campaigns have no colon. */
const headOf = ({ campaign }: GateStop): string => `${campaign}: `;

const recordOf = (stop: GateStop): AuditRecord => ({
  occurredAtNs: BigInt(stop.atMs) * 1_000_000n,
  faultCode: CODE,
  transition: TRANSITION,
  severity: 1,
  status: 'STOPPED',
  sourceId: 'fleet_hub',
  description: `${headOf(stop)}the gate stopped the campaign, on_stop ${stop.rollBack}. ${stop.reason}`,
});

/** Returns whether the log has the record. A database may store other characters than those of the reason. */
async function hasRecord(store: Pick<Store, 'read'>, stop: GateStop, { occurredAtNs }: AuditRecord): Promise<boolean> {
  const rows = await store.read(
    'SELECT description FROM audit_log WHERE fault_code = ? AND transition = ? AND occurred_at_ns = ?',
    [CODE, TRANSITION, occurredAtNs],
  );
  return rows.some(({ description }) => String(description).startsWith(headOf(stop)));
}
