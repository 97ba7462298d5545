import type { AuditFile } from '@medkit/audit';
import type { Log, Warning } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  AuditLog,
  auditedStorage,
  type FaultConfiguration,
  type FaultHealth,
  type FaultManagerOptions,
} from '@medkit/faults';
import type { Store, StoreUsage } from '@medkit/store';
import { sampled } from '../health/sampled.ts';
import { logNotice } from './log-notice.ts';
import { usageOf } from './store-usage.ts';

export interface OpenAuditOptions {
  readonly configuration: FaultConfiguration;
  /** The audit log, which faults share with requests. */
  readonly file: AuditFile;
  /** The store of the faults, and the storage of the fault manager in it. */
  readonly faults: Store;
  readonly storage: FaultManagerOptions['storage'];
  readonly clock: Clock;
  readonly log: Log;
}

/** The audit of faults, and the options that it adds to the fault manager. */
export interface OpenAudit {
  readonly forManager: Pick<FaultManagerOptions, 'storage' | 'audited'>;
  health(): Promise<FaultHealth>;
  close(): Promise<void>;
}

/** Opens the audit of faults, if configured. Retries a log that cannot be opened, and reports it in `health`. */
export async function openAudit(options: OpenAuditOptions): Promise<OpenAudit> {
  const { configuration, file, faults, storage, clock, log } = options;
  if (!configuration['audit_log.enabled']) {
    const nothing: FaultHealth = { warnings: [], figures: {} };
    return { forManager: { storage }, health: async () => nothing, close: async () => undefined };
  }
  const failClosed = configuration['audit_log.fail_closed'];
  const audit = new AuditLog({ faults, open: () => file.store(), clock, notice: (notice) => logNotice(log, notice) });
  await audit.start();
  const sizes = sampled(clock, async () => audit.store && usageOf(audit.store));
  return {
    forManager: {
      storage: auditedStorage(storage, audit, failClosed),
      ...(failClosed && { audited: () => audit.deliver() }),
    },
    health: () => auditHealth(file.path ?? '', audit, failClosed, sizes),
    close: () => audit.stop(),
  };
}

async function auditHealth(
  path: string,
  audit: AuditLog,
  failClosed: boolean,
  sizes: () => Promise<StoreUsage | undefined>,
): Promise<FaultHealth> {
  const { failing, failures, lost } = audit.facts();
  const warnings: Warning[] = [];
  if (failing !== undefined) {
    const meanwhile = failClosed
      ? 'Until then, changes of faults are refused.'
      : 'Until then, its records are queued in the fault database.';
    warnings.push({
      code: 'fault_audit_failing',
      message: `The audit log cannot be written: ${failing}. ${meanwhile}`,
    });
  }
  if (lost > 0) {
    const message = `${lost} changes of faults are missing in ${path}, because it could not be written for too long.`;
    warnings.push({ code: 'fault_audit_incomplete', message });
  }
  const { setAside, lostCommits = 0 } = audit.store?.facts() ?? {};
  if (setAside !== undefined) {
    const message = `${path} was damaged and was moved to ${setAside}: a new chain of audit records was started. Keep the moved file as evidence.`;
    warnings.push({ code: 'fault_audit_damaged', message });
  }
  if (lostCommits > 0) {
    const message = `${path} lost ${lostCommits} transactions that were acknowledged before the last start. Check the disk.`;
    warnings.push({ code: 'fault_audit_went_back', message });
  }
  const usage = await sizes();
  return {
    warnings,
    figures: {
      audit: {
        path,
        failures_total: failures,
        lost_records_total: lost,
        ...(usage && { database_bytes: usage.databaseBytes, failed_prunes_total: usage.failedAuditPrunes }),
      },
    },
  };
}
