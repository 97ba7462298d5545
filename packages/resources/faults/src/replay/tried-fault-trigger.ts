import { SovdError } from '@medkit/contract';
import { isEntityId, type JsonObject } from '@medkit/core';
import type { FaultTriggerRule } from '../fault-triggers/fault-trigger.ts';
import { ruleOf } from '../fault-triggers/trigger-request.ts';

const MEMBERS = ['app_id', 'data_name', 'path', 'operator', 'threshold', 'fault_code', 'severity', 'active'];

/**
 * Returns a fault trigger with changed members, or an additional one. The members are those of a request, and `app_id`.
 * Throws `invalid-parameter`.
 * @param inUse the rule that is changed; absent for an additional one
 */
export function triedFaultTrigger(inUse: FaultTriggerRule | undefined, changes: JsonObject): FaultTriggerRule {
  const unknown = Object.keys(changes).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw invalid(`there is no ${unknown} to try. Known are ${MEMBERS.join(', ')}`);
  const { app_id: appId = inUse?.appId, ...changed } = changes;
  if (typeof appId !== 'string' || !isEntityId(appId)) throw invalid('app_id must be the id of an app, such as lidar');
  const stored = inUse && {
    data_name: inUse.dataName,
    path: inUse.path,
    operator: inUse.operator,
    threshold: inUse.threshold,
    fault_code: inUse.faultCode,
    severity: inUse.severity,
    active: inUse.active,
  };
  return ruleOf(appId, { ...stored, ...changed });
}

function invalid(message: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message });
}
