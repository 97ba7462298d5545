import type { AuditService } from '@medkit/audit';
import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Files, WritableFiles } from '@medkit/edges';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import type { Guard, Recorder } from '../http/chain.ts';
import { type MergeGuardOptions, mergeGuard } from './aggregates/merge-guard.ts';
import { chainWitnesses } from './audit/chain-witnesses.ts';
import { mergedAuditGuard } from './audit/merged-audit.ts';
import { watchLogs } from './audit/watch-logs.ts';
import { copyFaults, type FaultCopier } from './copies/copy-faults.ts';
import type { RecordingLimits } from './copies/recording-copies.ts';
import { type ForwardGuardOptions, forwardGuard } from './forwarding/forward-guard.ts';
import { vendorRoutes } from './forwarding/vendor-routes.ts';
import type { GatewayPeers } from './open-peers.ts';
import { storeClocks } from './stored-clocks.ts';

export interface ForwardingOptions extends ForwardGuardOptions, MergeGuardOptions {
  /** The audit log of this gateway. */
  readonly audit: AuditService;
  readonly database: GatewayDatabase;
  readonly peers: GatewayPeers;
  /** Fault events of peers, as this gateway follows them. */
  readonly observed: ObservedLogs;
  /** Maximum bytes of copied faults; 0 disables copies. */
  readonly maxCopyBytes: number;
  /** Which of their recordings are copied too. */
  readonly recordings: RecordingLimits;
  readonly storage: Files & WritableFiles;
  readonly log: Log;
}

/** Forwards requests on entities of peers, and merges their data into lists over all gateways. */
export async function openForwarding(options: ForwardingOptions) {
  const clocks = await storeClocks(options);
  const witnesses = chainWitnesses(options);
  const watch = watchLogs(options, witnesses);
  const copied = options.maxCopyBytes > 0 ? await copiedFaults(options) : undefined;
  const [forwarded, merged, audit] = [
    forwardGuard(options),
    mergeGuard(options),
    mergedAuditGuard({ ...options, witnesses }),
  ];
  const guard: Guard = (route, handler) => audit(route, forwarded(route, merged(route, handler)));
  return {
    guard,
    /** Routes for resources that only peers know, as plugins of the server. */
    vendorRoutes: (record: Recorder) => vendorRoutes({ ...options, record }),
    health: (): RuntimeHealth => {
      const [audited, faults] = [witnesses.health(), copied?.health()];
      const warnings = [...audited.warnings, ...(faults?.warnings ?? [])];
      return { warnings, blocks: { ...audited.blocks, ...faults?.blocks } };
    },
    close: async () => {
      watch.cancel();
      await copied?.close();
      await clocks.close();
    },
  };
}

/** Opens the copying of faults. If earlier copies cannot be read, logs the reason and continues without copies. */
async function copiedFaults(options: ForwardingOptions): Promise<FaultCopier | undefined> {
  try {
    return await copyFaults({ ...options, maxBytes: options.maxCopyBytes });
  } catch (error) {
    options.log('error', `Faults of other gateways are not copied: ${errorMessage(error)}`);
    return undefined;
  }
}
