import { resolve } from 'node:path';
import type { Files } from '@medkit/edges';
import { ACCESS_TRANSITION, MINOR_REQUEST_TRANSITION, OBSERVED_TRANSITION, REQUEST_TRANSITION } from '@medkit/services';
import type { AuditLimits } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';
import { readFaultDocuments } from '../faults/fault-documents.ts';
import { auditLogPlace } from '../faults/fault-paths.ts';

/** Where the audit log is, and how much it keeps. */
export interface AuditPlace {
  /** Absolute; `:memory:` for a log without a file. */
  readonly path: string;
  /** Where it was before the faults had another path. */
  readonly former?: string;
  readonly limits: AuditLimits;
}

type AuditPlaceConfig = Pick<GatewayConfig, 'audit' | 'data_dir' | 'fault_manager'>;

/**
 * The one audit log of a gateway of this configuration: beside its faults. Where a fault manager of the robot keeps those,
 * what the parameter file names is that one's own.
 */
export async function auditPlace(config: AuditPlaceConfig, files: Pick<Files, 'readText'>): Promise<AuditPlace> {
  const { config_file, mode } = config.fault_manager;
  const documents = await readFaultDocuments(files, mode === 'attach' ? '' : config_file);
  const { path, former } = auditLogPlace(documents, config.data_dir);
  return {
    path: path === ':memory:' ? path : resolve(path),
    ...(former && { former: resolve(former) }),
    limits: auditLimits(documents.configuration['audit_log.retention_max_records'], config.audit),
  };
}

/** Summaries of who was not let in that are kept: of a week in which somebody is refused in every minute. */
const MAX_ACCESS_RECORDS = 7 * 24 * 60;
/** Records of refused and of unauthenticated requests that are kept at most: some 5 MB. */
const MAX_MINOR_REQUESTS = 10_000;

/** How many records are kept of faults, and how many of requests and of changes by others; 0 is all of them. */
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
