import { join } from 'node:path';
import type { AuditFile } from '@medkit/audit';
import type { Log } from '@medkit/core';
import type { Notice } from '@medkit/documents';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import {
  configuredTopics,
  correlation,
  DiskSpaceGuard,
  type EvidenceSources,
  FAULT_TABLES,
  type FaultHealth,
  type FaultSnapshotsOptions,
  faultStorage,
  namedTopics,
  type OpenFaultManager,
  startFaultLogs,
  startFaultManager,
  startFaultRecordings,
  startFaultSnapshots,
  threadedBagShelf,
} from '@medkit/faults';
import { openStore, takeOwnerLock } from '@medkit/store';
import type { FaultDocuments } from '../config/fault-documents.ts';
import { type DatabaseLocation, databasePathWarning, faultDatabasePath } from '../config/fault-paths.ts';
import { ownerOf } from '../database/data-folder.ts';
import { migrateDatabase } from '../database/migrate-database.ts';
import { sampled } from '../health/sampled.ts';
import type { GatewayUplink } from '../uplink/gateway-uplink.ts';
import { diskSpaceHealth, displacementHealth } from './disk-space-health.ts';
import { evidenceHealth } from './evidence-health.ts';
import { faultHealth, mergeHealth } from './fault-health.ts';
import { logNotice } from './log-notice.ts';
import { openAudit } from './open-audit.ts';
import { usageOf } from './store-usage.ts';

/** Disk space reserved for faults, for some hundred of them once the disk is full. */
const RESERVE_BYTES = 4 * 1024 * 1024;

export interface OpenFaultsOptions {
  readonly documents: FaultDocuments;
  /** Where the evidence of faults comes from. */
  readonly sources: EvidenceSources;
  /** The gateway's data folder. */
  readonly dataFolder: string;
  /** The setting `fault_manager.shared_healing`. */
  readonly sharedHealing?: boolean;
  readonly files: Files & WritableFiles;
  /** Audit log for changes, if configured. Stays open. */
  readonly audit: AuditFile;
  readonly clock: Clock;
  readonly log: Log;
  /** Records fault events for a hub, if one is configured. */
  readonly uplink?: Pick<GatewayUplink, 'attach' | 'tables'>;
  /** Returns what the manifest declares for a topic. */
  readonly meaningOf?: FaultSnapshotsOptions['meaningOf'];
  /** Called for each stored capture of evidence. */
  readonly onCaptured?: FaultSnapshotsOptions['onStored'];
}

/**
 * Opens the fault store and starts the fault manager and the capture of evidence. Rejects with the `StoreError` of the
 * store.
 */
export async function openFaults(options: OpenFaultsOptions): Promise<OpenFaultManager> {
  const { documents, sources, dataFolder, files, clock, log } = options;
  const { configuration, thresholds, rules, snapshotTopics: topics } = documents;
  const notice = (each: Notice) => logNotice(log, each);
  await using begun = new AsyncDisposableStack();
  const room = new DiskSpaceGuard({ clock, notice });
  const place = faultDatabasePath(documents, dataFolder);
  if (place.former !== undefined) {
    begun.defer(lockOf(place.path, clock));
    migrateDatabase(place, log);
  }
  if (place.refused !== undefined) log('warn', databasePathWarning(place));
  const store = await openStore({
    path: place.path,
    migrations: { ...FAULT_TABLES, ...options.uplink?.tables },
    reserveBytes: RESERVE_BYTES,
    onShortage: () => room.shortage(),
    clock,
    warn: (message) => log('warn', message),
  });
  begun.defer(() => store.close());
  const faultsOnly = faultStorage(store, configuration['near_miss.max_per_fault']);
  const recorded = await options.uplink?.attach(store, faultsOnly);
  begun.defer(async () => recorded?.close());
  const storage = recorded?.storage ?? faultsOnly;
  const audit = await openAudit({ configuration, file: options.audit, faults: store, storage, clock, log });
  begun.defer(() => audit.close());
  const explanations = correlation(rules);
  const manager = await startFaultManager({
    thresholds,
    correlation: explanations,
    configuration,
    ...audit.forManager,
    hasRoom: () => room.hasRoom(),
    ...(options.sharedHealing && { sharedHealing: true }),
    clock,
    notice,
  });
  begun.defer(() => manager.stop());
  const { sampler, taps, logs: source } = sources;
  const names = namedTopics({ sampler, notice });
  const snapshots = await startFaultSnapshots({
    manager,
    store,
    sampler,
    names,
    clock,
    configuration,
    topics,
    ...(options.meaningOf && { meaningOf: options.meaningOf }),
    onStored: options.onCaptured,
    notice,
  });
  begun.defer(() => snapshots.stop());
  const logs = startFaultLogs({
    manager,
    store,
    source,
    clock,
    configuration,
    topics,
    lookup: { publishedBy: (...args) => sampler.publishedBy(...args), topicOf: names.of },
    notice,
  });
  begun.defer(() => logs.stop());
  const recordings = await startFaultRecordings({
    manager,
    store,
    taps,
    shelf: threadedBagShelf(files),
    files,
    clock,
    configuration,
    folder: join(dataFolder, 'recordings'),
    configuredTopics: configuredTopics(configuration, topics),
    notice,
  });
  begun.defer(() => recordings.stop());
  room.begin({ store, recordings });
  begun.defer(() => room.stop());
  const sizes = sampled(clock, () => usageOf(store));
  const opened = begun.move();
  return {
    manager,
    correlation: explanations,
    snapshots,
    logs,
    recordings,
    health: async () =>
      mergeHealth([
        await faultHealth(manager, store, sizes),
        await evidenceHealth(snapshots, recordings, logs),
        diskSpaceHealth(room),
        displacementHealth(manager),
        await audit.health(),
        placeHealth(place),
      ]),
    close: () => opened.disposeAsync(),
  };
}

/** Locks a database outside the data folder against other gateways. Returns a function that releases the lock. */
function lockOf(path: string, clock: Clock): () => void {
  const lock = takeOwnerLock(`${path}.lock`, ownerOf(clock));
  return () => lock.release();
}

function placeHealth(place: DatabaseLocation): FaultHealth {
  const isFallback = place.refused !== undefined;
  return {
    warnings: isFallback ? [{ code: 'fault_database_elsewhere', message: databasePathWarning(place) }] : [],
    figures: {},
  };
}
