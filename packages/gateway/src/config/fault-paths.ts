import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_FAULT_CONFIGURATION } from '@medkit/faults';
import type { FaultDocuments } from './fault-documents.ts';

/** Path of a database without a file. */
const IN_MEMORY = ':memory:';

type Parameters = Pick<FaultDocuments, 'configuration' | 'origins'>;

/** Path of a database. */
export interface DatabaseLocation {
  readonly path: string;
  /** Earlier path, before the configuration named another one; its content is to be moved. */
  readonly former?: string;
  /** Configured path at which no file can be created. */
  readonly refused?: string;
}

/**
 * Returns the path of the fault database: `database_path` if configured, otherwise a file in `dataFolder`, the
 * gateway's data folder. The path in every example of ros2_medkit is in a system folder that a user's gateway cannot
 * write: then the database stays in `dataFolder`.
 */
export function faultDatabasePath(
  { configuration, origins }: Parameters,
  dataFolder: string,
  canHold: (path: string) => boolean = canHoldFile,
): DatabaseLocation {
  if (configuration.storage_type === 'memory') return { path: IN_MEMORY };
  const former = join(dataFolder, 'faults.db');
  const path = configuration.database_path;
  if (!origins.has('database_path') || resolve(path) === resolve(former)) return { path: former };
  const isOfExamples = path === DEFAULT_FAULT_CONFIGURATION.database_path;
  return isOfExamples && !canHold(path) ? { path: former, refused: path } : { path, former };
}

/** Message that the faults are not stored at the configured path. */
export const databasePathWarning = ({ path, refused }: DatabaseLocation): string =>
  `Faults are stored in ${path}: cannot create ${refused}, which database_path names. Give this user write permission for its folder, or remove database_path.`;

/** Returns the path of the audit log: beside the faults unless configured. */
export function auditLogLocation(parameters: Parameters, dataFolder: string): DatabaseLocation {
  const named = parameters.configuration['audit_log.database_path'];
  if (named !== '') return { path: named };
  const { path, former } = faultDatabasePath(parameters, dataFolder);
  if (path === IN_MEMORY) return { path };
  const beside = (database: string): string => join(dirname(database), 'fault_audit.db');
  return { path: beside(path), ...(former && beside(former) !== beside(path) && { former: beside(former) }) };
}

/** Returns whether the file exists or can be created. */
function canHoldFile(path: string): boolean {
  if (existsSync(path)) return true;
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    // For any error, this user cannot create files there.
    return false;
  }
}
