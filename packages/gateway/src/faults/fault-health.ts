import { FAULT_SEVERITIES } from '@medkit/contract';
import { FAULT_STATUSES, type FaultStatus, type Warning } from '@medkit/core';
import type { FaultHealth, FaultManager } from '@medkit/faults';
import type { Store, StoreFacts, StoreUsage } from '@medkit/store';

/** Returns the number of faults and the health of their store, whose sizes `sizes` returns. */
export async function faultHealth(
  manager: Pick<FaultManager, 'list' | 'nearMissCount'>,
  store: Pick<Store, 'facts'>,
  sizes: () => Promise<StoreUsage | undefined>,
): Promise<FaultHealth> {
  const { faults } = manager.list({ statuses: FAULT_STATUSES, includeMuted: true });
  const counts = noFaults();
  const bySeverity = Object.fromEntries(FAULT_SEVERITIES.names.map((severity) => [severity, noFaults()]));
  for (const { status, severity } of faults) {
    counts[status]++;
    bySeverity[FAULT_SEVERITIES.names[severity]]![status]++;
  }
  const facts = store.facts();
  const usage = await sizes();
  return {
    warnings: storeWarnings(facts),
    figures: {
      faults: counts,
      by_severity: bySeverity,
      near_misses_total: manager.nearMissCount,
      store: {
        path: facts.path,
        running: facts.running,
        ends_total: facts.ends,
        writes_under_way: facts.writesUnderWay,
        reads_under_way: facts.readsUnderWay,
        ...(usage && {
          database_bytes: usage.databaseBytes,
          log_bytes: usage.logBytes,
        }),
      },
    },
  };
}

const noFaults = () => Object.fromEntries(FAULT_STATUSES.map((status) => [status, 0])) as Record<FaultStatus, number>;

/** Merges the health of several parts. */
export function mergeHealth(parts: readonly FaultHealth[]): FaultHealth {
  return {
    warnings: parts.flatMap(({ warnings }) => warnings),
    figures: Object.assign({}, ...parts.map(({ figures }) => figures)),
    quotas: Object.assign({}, ...parts.map(({ quotas }) => quotas)),
  };
}

function storeWarnings({
  path,
  running,
  ends,
  lastReason,
  setAside,
  lostCommits,
  rewrites,
}: StoreFacts): readonly Warning[] {
  const warnings: Warning[] = [];
  if (setAside !== undefined) {
    const message = `${path} was damaged and was moved to ${setAside}: the faults in it are lost. Check the disk, then remove that file.`;
    warnings.push({ code: 'fault_store_damaged', message });
  }
  if (lostCommits > 0) {
    const message =
      `${path} lost ${lostCommits} transactions that were acknowledged before the last start, and the faults in them. ` +
      'Its write-ahead log (-wal) was removed, truncated or damaged, or the file was replaced by an older copy. Check the disk.';
    warnings.push({ code: 'fault_store_went_back', message });
  }
  if (rewrites > 0) {
    const times = rewrites === 1 ? '' : ` ${rewrites} times`;
    const message =
      `The files of ${path} were removed while the gateway runs${times}, and were recreated with their full content. ` +
      'Recordings and other files of that folder are lost. Find the program that removes the files.';
    warnings.push({ code: 'fault_store_rewritten', message });
  }
  if (ends > 0) {
    const times = ends === 1 ? 'once' : `${ends} times`;
    const now = running
      ? 'A new thread has taken over.'
      : 'A new thread is starting; until then faults cannot be stored.';
    const message = `A thread of the store ${path} has ended ${times} (${lastReason}). ${now}`;
    warnings.push({ code: 'fault_store_ended', message });
  }
  return warnings;
}
