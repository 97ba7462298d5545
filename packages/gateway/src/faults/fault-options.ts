import type { AuditFile } from '@medkit/audit';
import type { Log } from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import { type CorrelationRule, type FaultManagerMode, type FaultSnapshotsOptions, LocalFaults } from '@medkit/faults';
import type { FaultOptions } from '@medkit/runtime-ros2';
import { type FaultDocuments, readFaultDocuments } from '../config/fault-documents.ts';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';
import type { GatewayUplink } from '../uplink/gateway-uplink.ts';
import { bridgeSettings } from './bridge-settings.ts';
import { logNotice } from './log-notice.ts';
import { openFaults } from './open-faults.ts';

const MODES: readonly string[] = ['own', 'attach', 'auto'] satisfies readonly FaultManagerMode[];

export interface FaultSources {
  readonly config: Pick<
    GatewayConfig,
    'action_status_bridge' | 'data_dir' | 'diagnostic_bridge' | 'fault_manager' | 'log_bridge' | 'ros'
  >;
  readonly files: Files & WritableFiles;
  /** Audit log for changes of faults. */
  readonly audit: AuditFile;
  readonly clock: Clock;
  readonly log: Log;
  /** Records fault events for a hub, if one is configured. */
  readonly uplink?: GatewayUplink | undefined;
  /** Returns what the manifest declares for a topic. */
  readonly meaningOf?: FaultSnapshotsOptions['meaningOf'];
  /** Called for each stored capture of evidence. */
  readonly onCaptured?: FaultSnapshotsOptions['onStored'];
}

/** The fault manager of a gateway, and the fault options of a graph. */
export interface GatewayFaults extends FaultOptions {
  readonly host: LocalFaults;
  /** The parameters, and the documents that they name. */
  readonly documents: FaultDocuments;
  /** Correlation rules over the faults of several gateways. */
  readonly acrossOrigins: readonly CorrelationRule[];
  /** Whether the snapshot file marks a threshold with `blocks_motion`. */
  readonly snapshotsBlockMotion: boolean;
}

/**
 * Returns the fault options as configured. Throws for invalid settings, with one line each. The store is opened later,
 * and only if medkit is the fault manager.
 */
export async function faultOptions({
  config,
  files,
  audit,
  clock,
  log,
  uplink,
  meaningOf,
  onCaptured,
}: FaultSources): Promise<GatewayFaults> {
  const { namespace, service_timeout_sec, config_file, shared_healing } = config.fault_manager;
  const mode = faultManagerMode(config);
  const documents = await readFaultDocuments(files, config_file);
  for (const notice of documents.notices) logNotice(log, notice);
  return {
    settings: { mode, namespace, serviceTimeoutMs: service_timeout_sec * 1000 },
    bridges: bridgeSettings(config),
    files,
    documents,
    acrossOrigins: documents.acrossOrigins,
    snapshotsBlockMotion: [...documents.snapshotTopics.meanings.values()].some(
      ({ blocksMotion }) => blocksMotion === true,
    ),
    host: new LocalFaults({
      openManager: (sources) =>
        openFaults({
          documents,
          sources,
          dataFolder: config.data_dir,
          sharedHealing: shared_healing,
          files,
          audit,
          clock,
          log,
          ...(uplink && { uplink }),
          ...(meaningOf && { meaningOf }),
          onCaptured,
        }),
      clock,
      log,
    }),
  };
}

/**
 * Returns which fault manager stores the faults. Throws `StartRefused` for an invalid mode, or for `attach` without
 * ROS.
 */
export function faultManagerMode({
  fault_manager,
  ros,
}: Pick<GatewayConfig, 'fault_manager' | 'ros'>): FaultManagerMode {
  const { mode } = fault_manager;
  if (!MODES.includes(mode)) throw new StartRefused(`fault_manager.mode: "${mode}" is not own, attach or auto`);
  if (ros.enabled) return mode as FaultManagerMode;
  if (mode !== 'attach') return 'own';
  throw new StartRefused(
    'fault_manager.mode: "attach" needs the ROS graph to find a fault manager: set ros.enabled to true',
  );
}
