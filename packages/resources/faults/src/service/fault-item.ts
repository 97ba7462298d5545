import {
  type EntityKind,
  FAULT_SEVERITIES,
  type FaultListItem,
  type FaultStatus,
  type FaultThresholds,
  type FaultXMedkit,
  type SeverityLabel,
} from '@medkit/contract';
import type {
  EntityTree,
  Fault,
  FaultCluster,
  FaultRecord,
  FaultSymptom,
  Origin,
  FaultStatus as StatusWord,
  FaultThresholds as Thresholds,
} from '@medkit/core';
import { absentSources, failingSources, holderOf } from './fault-sources.ts';
import { seconds } from './fault-times.ts';

/** What a fault manager knows about a fault besides the fault itself. */
export interface Explanation {
  /** The gateway that stores the fault; this gateway if absent. */
  readonly origin?: Origin;
  readonly thresholds?: readonly Thresholds[] | undefined;
  readonly muted?: FaultSymptom | undefined;
  readonly symptomOf?: FaultSymptom | undefined;
  readonly cluster?: FaultCluster | undefined;
  readonly record?: FaultRecord | undefined;
}

/** A fault of a list, as its fault manager explains it. */
export interface ListedFault extends Explanation {
  readonly fault: Fault;
}

/**
 * Converts a fault for lists and streams: with the fields of medkit's own clients, and the status object of other SOVD
 * servers.
 */
export function faultItem(tree: EntityTree, fault: Fault, explanation: Explanation = {}): FaultListItem {
  const item = plainItem(tree, fault, explanation);
  return explanation.record ? { ...item, ...recorded(fault, explanation.record, item) } : item;
}

/**
 * Returns the differences for a fault that its runtime records itself: only the field values of other SOVD servers, and
 * the evidence inline.
 */
function recorded({ status }: Fault, { name, frame }: FaultRecord, item: FaultListItem): Partial<FaultListItem> {
  const { pendingDTC: _, ...fields } = statusObject(status);
  return {
    fault_name: name,
    severity_label: FAULT_SEVERITIES.names[item.severity] ?? 'unknown',
    status: fields,
    ...(frame && { environment_data: { snapshots: [{ type: 'freeze_frame', ...frame }] } }),
    'x-medkit': { ...item['x-medkit'], status_raw: status },
  };
}

function plainItem(tree: EntityTree, fault: Fault, explanation: Explanation): FaultListItem {
  return {
    fault_code: fault.code,
    ...(fault.description !== '' && { fault_name: fault.description }),
    severity: fault.severity,
    severity_label: severityLabel(fault),
    description: fault.description,
    status: fault.status,
    status_object: statusObject(fault.status),
    first_occurred: seconds(fault.firstOccurredNs),
    last_occurred: seconds(fault.lastOccurredNs),
    ...(fault.lastPassedNs > 0n && { last_passed: seconds(fault.lastPassedNs) }),
    ...endsOf(fault),
    occurrence_count: fault.occurrenceCount,
    reporting_sources: [...fault.sources],
    ...entityOfFault(tree, fault, explanation.origin),
    'x-medkit': explained(tree, fault, explanation),
  };
}

/** Returns the times at which an occurrence was confirmed, healed and cleared, if it was. */
export function endsOf({
  confirmedAtNs,
  healedAtNs,
  clearedAtNs,
  clearedBy,
}: Pick<Fault, 'confirmedAtNs' | 'healedAtNs' | 'clearedAtNs' | 'clearedBy'>) {
  return {
    ...(confirmedAtNs > 0n && { confirmed_at: seconds(confirmedAtNs) }),
    ...(healedAtNs > 0n && { healed_at: seconds(healedAtNs) }),
    ...(clearedAtNs > 0n && { cleared_at: seconds(clearedAtNs) }),
    ...(clearedBy !== '' && { cleared_by: clearedBy }),
  };
}

/** Returns the entity whose path serves a fault for reading and clearing. */
export function entityOfFault(
  tree: EntityTree,
  fault: Fault,
  origin?: Origin,
): { entity_id?: string; entity_type?: EntityKind } {
  const holder = holderOf(tree, fault, origin);
  return holder ? { entity_id: holder.id, entity_type: holder.kind } : {};
}

type Explained = Pick<
  FaultXMedkit,
  | 'absent_sources'
  | 'failing_sources'
  | 'more_failing_sources'
  | 'latest_description'
  | 'debounce_counter'
  | 'thresholds'
  | 'muted'
  | 'symptom_of'
  | 'cluster'
>;

/** Returns the fields that explain the state of a fault. */
export function explained(
  tree: EntityTree,
  fault: Fault,
  { origin, thresholds, muted, symptomOf, cluster }: Explanation,
): Explained {
  const absent = absentSources(tree, fault, origin);
  return {
    ...(fault.latestDescription !== undefined && { latest_description: fault.latestDescription }),
    ...(absent.length > 0 && { absent_sources: [...absent] }),
    ...failingSources(fault),
    debounce_counter: fault.counter,
    ...(thresholds && { thresholds: thresholds.map(thresholdsItem) }),
    ...(muted && { muted: explainedBy(muted) }),
    ...(symptomOf && { symptom_of: explainedBy(symptomOf) }),
    ...(cluster && {
      cluster: {
        cluster_id: cluster.id,
        rule_id: cluster.ruleId,
        representative_code: cluster.representativeCode,
      },
    }),
  };
}

function explainedBy({ rootCauseCode, ruleId, delayMs }: FaultSymptom) {
  return { root_cause_code: rootCauseCode, rule_id: ruleId, delay_ms: delayMs };
}

function thresholdsItem(thresholds: Thresholds): FaultThresholds {
  const { source, confirmationThreshold, healingEnabled, healingThreshold, override } = thresholds;
  return {
    source,
    confirmation_threshold: confirmationThreshold,
    healing_enabled: healingEnabled,
    healing_threshold: healingThreshold,
    ...(override !== undefined && { override }),
  };
}

/** Converts a status to the terms of ISO 17978-3. */
export function statusObject(status: StatusWord): FaultStatus {
  switch (status) {
    case 'CONFIRMED':
      return { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1', pendingDTC: '0' };
    case 'PREFAILED':
      return { aggregatedStatus: 'passive', testFailed: '1', confirmedDTC: '0', pendingDTC: '1' };
    case 'PREPASSED':
      return { aggregatedStatus: 'passive', testFailed: '0', confirmedDTC: '0', pendingDTC: '1' };
    default:
      return { aggregatedStatus: 'cleared', testFailed: '0', confirmedDTC: '0', pendingDTC: '0' };
  }
}

export function severityLabel({ severity }: Pick<Fault, 'severity'>): SeverityLabel {
  return FAULT_SEVERITIES.labels[severity] ?? 'UNKNOWN';
}
