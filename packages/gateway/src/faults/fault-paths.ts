import { dirname, join } from 'node:path';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '@medkit/faults';

/** A path that means a database without a file. */
const IN_MEMORY = ':memory:';

/**
 * File of the faults. `dataFolder` is the gateway's own: the default of ros2_medkit is a folder of the system, which a
 * gateway of a user has no right to.
 */
export function faultsPath(configuration: FaultConfiguration, dataFolder: string): string {
  if (configuration.storage_type === 'memory') return IN_MEMORY;
  const path = configuration.database_path;
  return path === DEFAULT_FAULT_CONFIGURATION.database_path ? join(dataFolder, 'faults.db') : path;
}

/** File of the audit log: beside the faults unless it is named. */
export function auditPath(configuration: FaultConfiguration, dataFolder: string): string {
  const path = configuration['audit_log.database_path'];
  if (path !== '') return path;
  const faults = faultsPath(configuration, dataFolder);
  return faults === IN_MEMORY ? IN_MEMORY : join(dirname(faults), 'fault_audit.db');
}
