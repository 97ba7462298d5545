import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_FAULT_CONFIGURATION } from '@medkit/faults';
import type { FaultDocuments } from './fault-documents.ts';

/** A path that means a database without a file. */
const IN_MEMORY = ':memory:';

type Parameters = Pick<FaultDocuments, 'configuration' | 'origins'>;

/** Where a database is. */
export interface DatabasePlace {
  readonly path: string;
  /** Where it was before the configuration named another path: what is there is to be taken along. */
  readonly former?: string;
  /** What the configuration names, where there can be no file. */
  readonly refused?: string;
}

/**
 * Where the faults are: at `database_path` where the configuration says so, and in `dataFolder`, the gateway's own, where it
 * does not. The path that every example of ros2_medkit has is in a folder of the system, to which a gateway of a user has
 * no right: there the faults stay in `dataFolder`.
 */
export function faultsPlace(
  { configuration, origins }: Parameters,
  dataFolder: string,
  canHold: (path: string) => boolean = canHoldFile,
): DatabasePlace {
  if (configuration.storage_type === 'memory') return { path: IN_MEMORY };
  const former = join(dataFolder, 'faults.db');
  const path = configuration.database_path;
  if (!origins.has('database_path') || resolve(path) === resolve(former)) return { path: former };
  const isOfExamples = path === DEFAULT_FAULT_CONFIGURATION.database_path;
  return isOfExamples && !canHold(path) ? { path: former, refused: path } : { path, former };
}

/** Says that the faults are not where the configuration has them. */
export const databaseElsewhere = ({ path, refused }: DatabasePlace): string =>
  `Faults are kept in ${path}: there can be no ${refused}, which database_path names. Give this user the right to its folder, or leave it out.`;

/** Where the audit log is: beside the faults unless it is named. */
export function auditLogPlace(parameters: Parameters, dataFolder: string): DatabasePlace {
  const named = parameters.configuration['audit_log.database_path'];
  if (named !== '') return { path: named };
  const { path, former } = faultsPlace(parameters, dataFolder);
  if (path === IN_MEMORY) return { path };
  const beside = (database: string): string => join(dirname(database), 'fault_audit.db');
  return { path: beside(path), ...(former && beside(former) !== beside(path) && { former: beside(former) }) };
}

/** True where there is a file, or can be one. */
function canHoldFile(path: string): boolean {
  if (existsSync(path)) return true;
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    // Whatever the reason: it is no place for this user's files.
    return false;
  }
}
