import { FAULT_SEVERITIES, parseFaultSeverity } from '@medkit/contract';
import type { FaultCluster, FaultSymptom } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';
import { nanosecondsOf, timeMessage } from './fault-message.ts';

const MAX_UINT32 = 2 ** 32 - 1;

/** `ros2_medkit_msgs/msg/MutedFaultInfo`. */
export function symptomMessage({ faultCode, rootCauseCode, ruleId, delayMs }: FaultSymptom): RosMessage {
  return {
    fault_code: faultCode,
    root_cause_code: rootCauseCode,
    rule_id: ruleId,
    delay_ms: Math.min(Math.max(0, Math.round(delayMs)), MAX_UINT32),
  };
}

export function symptomOf(message: RosMessage): FaultSymptom {
  return {
    faultCode: String(message.fault_code),
    rootCauseCode: String(message.root_cause_code),
    ruleId: String(message.rule_id),
    delayMs: Number(message.delay_ms),
  };
}

/** `ros2_medkit_msgs/msg/ClusterInfo`. */
export function clusterMessage(cluster: FaultCluster): RosMessage {
  return {
    cluster_id: cluster.id,
    rule_id: cluster.ruleId,
    rule_name: cluster.ruleName,
    label: cluster.ruleName,
    representative_code: cluster.representativeCode,
    representative_severity: FAULT_SEVERITIES.longLabels[cluster.representativeSeverity],
    fault_codes: cluster.faultCodes,
    count: cluster.faultCodes.length,
    first_at: timeMessage(cluster.firstAtNs),
    last_at: timeMessage(cluster.lastAtNs),
  };
}

/** An unknown severity counts as the lowest. */
export function clusterOf(message: RosMessage): FaultCluster {
  const severity = parseFaultSeverity(String(message.representative_severity)) ?? 0;
  return {
    id: String(message.cluster_id),
    ruleId: String(message.rule_id),
    ruleName: String(message.rule_name),
    representativeCode: String(message.representative_code),
    representativeSeverity: severity,
    faultCodes: (message.fault_codes as readonly string[]).map(String),
    firstAtNs: nanosecondsOf(message.first_at as RosMessage),
    lastAtNs: nanosecondsOf(message.last_at as RosMessage),
  };
}
