import type { Files } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { readFaultDocuments } from './fault-documents.ts';
import { auditPath } from './fault-paths.ts';

/** File of the audit log that a gateway of this configuration keeps, where it keeps one. */
export async function auditLogOf(
  config: Pick<GatewayConfig, 'data_dir' | 'fault_manager'>,
  files: Pick<Files, 'readText'>,
): Promise<string> {
  const { configuration } = await readFaultDocuments(files, config.fault_manager.config_file);
  return auditPath(configuration, config.data_dir);
}
