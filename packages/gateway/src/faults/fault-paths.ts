import { basename, dirname, join } from 'node:path';
import type { Notice } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import { DEFAULT_FAULT_CONFIGURATION, type FaultConfiguration } from '@medkit/faults';

/** A path that means a database without a file. */
const IN_MEMORY = ':memory:';
const FILE = 'faults.db';

/** Where faults are kept, and why that is another place than the parameter file names. */
export interface FaultsPlace {
  /** Absolute; `:memory:` for a store without a file. */
  readonly path: string;
  readonly notice?: Notice;
}

export interface FaultsPlaceOptions {
  readonly configuration: FaultConfiguration;
  /** Where each parameter that is set stands. */
  readonly origins: ReadonlyMap<string, string>;
  /** The gateway's own. */
  readonly dataFolder: string;
  readonly files: Pick<Files, 'list'>;
}

/**
 * File of the faults: in the folder of the gateway unless one is named. The one that ros2_medkit has by default lies in a
 * folder of the system; where a file names that, it counts if there is such a folder, and if no faults are in the
 * gateway's own folder, which releases before 0.2 put them into.
 */
export async function faultsPlace(options: FaultsPlaceOptions): Promise<FaultsPlace> {
  const { configuration, origins, dataFolder, files } = options;
  const own = ownFaultsPath(configuration, dataFolder);
  const { database_path: named } = configuration;
  const origin = origins.get('database_path');
  if (own === IN_MEMORY || origin === undefined || own === named) return { path: own };
  const isThere = async (path: string) => (await files.list(dirname(path))).some(({ name }) => name === basename(path));
  const stay = (why: string): FaultsPlace => ({
    path: own,
    notice: { level: 'warning', text: `${origin}: database_path: faults are kept in ${own}: ${why}` },
  });
  if (!(await isThere(named)) && (await isThere(own))) {
    return stay(
      `those of before are there. Stop medkit and move ${own}* to ${dirname(named)} to have them in ${named}`,
    );
  }
  if (!(await isThere(dirname(named)))) return stay(`there is no folder ${dirname(named)}`);
  return { path: named };
}

/** File of the faults where nothing speaks against what is set, or nothing is. */
function ownFaultsPath(configuration: FaultConfiguration, dataFolder: string): string {
  if (configuration.storage_type === 'memory') return IN_MEMORY;
  const path = configuration.database_path;
  return path === DEFAULT_FAULT_CONFIGURATION.database_path ? join(dataFolder, FILE) : path;
}

/**
 * File of the audit log: beside the faults unless it is named, and in the folder of the gateway where the faults are where
 * ros2_medkit has them by default: other records than theirs are in it.
 */
export function auditPath(configuration: FaultConfiguration, dataFolder: string): string {
  const path = configuration['audit_log.database_path'];
  if (path !== '') return path;
  const faults = ownFaultsPath(configuration, dataFolder);
  return faults === IN_MEMORY ? IN_MEMORY : join(dirname(faults), 'fault_audit.db');
}
