import type { FaultDetailResult } from '@medkit/contract';
import type { EntityTree, FaultDetail, Origin } from '@medkit/core';
import { environmentData } from './evidence/environment-data.ts';
import { endsOf, entityOfFault, explained, severityLabel, statusObject } from './fault-item.ts';

/**
 * Builds the body of one fault with its evidence. `origin` is the gateway that stores the fault, `entityPath` the path
 * of the requested entity, such as `/apps/motor`.
 */
export function faultDetail(
  tree: EntityTree,
  detail: FaultDetail & { readonly origin: Origin },
  entityPath: string,
): FaultDetailResult {
  const { fault, missing, origin, record } = detail;
  const name = record?.name ?? fault.description;
  return {
    item: {
      code: fault.code,
      ...(name !== '' && { fault_name: name }),
      severity: fault.severity,
      status: statusObject(fault.status),
    },
    environment_data: environmentData(detail, entityPath),
    'x-medkit': {
      occurrence_count: fault.occurrenceCount,
      reporting_sources: [...fault.sources],
      severity_label: severityLabel(fault),
      status_raw: fault.status,
      ...endsOf(fault),
      ...(missing && { missing_evidence: missing }),
      ...entityOfFault(tree, fault, origin),
      ...explained(tree, fault, detail),
    },
  };
}
