import { resolve } from 'node:path';
import { ACCESS_TRANSITION, MINOR_REQUEST_TRANSITION, OBSERVED_TRANSITION, REQUEST_TRANSITION } from '@medkit/audit';
import type { Files } from '@medkit/edges';
import type { AuditLimits } from '@medkit/store';
import { readFaultDocuments } from '../config/fault-documents.ts';
import { auditLogLocation } from '../config/fault-paths.ts';
import type { GatewayConfig } from '../config/index.ts';

/** Path and limits of the audit log. */
export interface AuditLocation {
  /** Absolute; `:memory:` for a log without a file. */
  readonly path: string;
  /** Earlier path, before the path of the faults was changed. */
  readonly former?: string;
  readonly limits: AuditLimits;
}

type AuditPlaceConfig = Pick<GatewayConfig, 'audit' | 'data_dir' | 'fault_manager'>;

/**
 * Returns the place of the gateway's single audit log: beside its faults. If a fault manager of the robot stores the
 * faults, its parameter file does not apply.
 */
export async function auditLocation(config: AuditPlaceConfig, files: Pick<Files, 'readText'>): Promise<AuditLocation> {
  const { config_file, mode } = config.fault_manager;
  const documents = await readFaultDocuments(files, mode === 'attach' ? '' : config_file);
  const { path, former } = auditLogLocation(documents, config.data_dir);
  return {
    path: path === ':memory:' ? path : resolve(path),
    ...(former && { former: resolve(former) }),
    limits: auditLimits(documents.configuration['audit_log.retention_max_records'], config.audit),
  };
}

/** Maximum summaries of rejected requests: one a minute for a week. */
const MAX_ACCESS_RECORDS = 7 * 24 * 60;
/** Maximum records of refused and unauthenticated requests: some 5 MB. */
const MAX_MINOR_REQUESTS = 10_000;

/** Returns the limits for records of faults, and for records of requests and of external changes; 0 is unlimited. */
export function auditLimits(
  ofFaults: number,
  { max_requests, max_observed }: Pick<GatewayConfig['audit'], 'max_observed' | 'max_requests'>,
): AuditLimits {
  return {
    maxRecords: ofFaults,
    maxOf: {
      [REQUEST_TRANSITION]: max_requests,
      [MINOR_REQUEST_TRANSITION]: max_requests === 0 ? MAX_MINOR_REQUESTS : Math.min(max_requests, MAX_MINOR_REQUESTS),
      [ACCESS_TRANSITION]: MAX_ACCESS_RECORDS,
      [OBSERVED_TRANSITION]: max_observed,
    },
    ownerOf: {
      [REQUEST_TRANSITION]: 'principal',
      [MINOR_REQUEST_TRANSITION]: 'principal',
      [OBSERVED_TRANSITION]: 'source',
    },
  };
}
