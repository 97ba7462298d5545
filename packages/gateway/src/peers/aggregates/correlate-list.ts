import { type FaultSeverity, fieldsOf, type JsonFields, type JsonValue, LOCAL } from '@medkit/core';
import { type CorrelationRule, clusterItem, explainAcross, isSet, type OpenFault, originCode } from '@medkit/faults';
import type { KnownCauses } from './known-causes.ts';
import type { ListDocument } from './list-part.ts';
import type { MergedList } from './merged-list.ts';

/** Options of a request for lists of faults. */
type Extras = Partial<Record<'include_muted' | 'include_clusters', string | undefined>>;

interface ItemFault extends OpenFault {
  readonly item: JsonFields;
  /** Identifies an occurrence of the fault. */
  readonly occurrence: string;
}

/**
 * Applies correlation rules to the faults of several gateways: hides or marks symptoms and reports clusters. A root
 * cause precedes its first symptom. A symptom stays marked, but is shown, after its root cause healed. This is only a
 * view: nothing changes on any gateway.
 */
export function correlateList(
  list: MergedList,
  rules: readonly CorrelationRule[],
  extras: Extras,
  causes: KnownCauses,
): MergedList {
  if (rules.length === 0) return list;
  const [showsMuted, showsClusters] = [isSet(extras.include_muted), isSet(extras.include_clusters)];
  const about = fieldsOf((list as ListDocument)['x-medkit']) ?? {};
  const faults = new Map(list.items.map((item) => [item, openFault(item, fieldsOf(about['clocks']))]));
  const open = [...faults.values()].flatMap((fault) => fault ?? []);
  const correlation = explainAcross(rules, open);
  const muted: JsonValue[] = [];
  const rootOf = (item: JsonValue): JsonValue | undefined => {
    const fault = faults.get(item);
    return fault && (correlation.symptomOf(fault)?.root.item as JsonValue | undefined);
  };
  const items = rootsFirst(list.items, rootOf).flatMap((item) => {
    const fault = faults.get(item);
    if (!fault) return [item];
    const isMuted = correlation.isMuted(fault);
    const symptom = correlation.symptomOf(fault);
    const found = symptom && {
      root_cause_code: symptom.root.code,
      root_cause_origin: symptom.root.origin,
      rule_id: symptom.ruleId,
      delay_ms: symptom.delayMs,
    };
    const cause = causes.of(originCode(fault.origin, fault.code), fault.occurrence, found);
    const isSpokenFor = isMuted && found !== undefined;
    if (cause && isSpokenFor) muted.push({ fault_code: fault.code, origin: fault.origin, ...cause });
    if (isMuted && !showsMuted) return [];
    return [cause ? withFacts(fault.item, isSpokenFor ? { muted: cause } : { symptom_of: cause }) : item];
  });
  const clusters = correlation.clusters.map((cluster) => ({
    ...clusterItem(cluster),
    representative_origin: cluster.representative.origin,
    origins: cluster.members.map(({ origin }) => origin),
  }));
  const facts: JsonFields = {
    ...about,
    count: Number(about['count'] ?? list.items.length) - (list.items.length - items.length),
    muted_count: Number(about['muted_count'] ?? 0) + muted.length,
    cluster_count: Number(about['cluster_count'] ?? 0) + clusters.length,
    ...(showsMuted && muted.length > 0 && { muted_faults: [...listIn(about['muted_faults']), ...muted] }),
    ...(showsClusters && clusters.length > 0 && { clusters: [...listIn(about['clusters']), ...clusters] as JsonValue }),
  };
  return { ...list, items, 'x-medkit': facts } as MergedList;
}

/** Returns the same items, each root cause before its symptoms. */
function rootsFirst(
  items: readonly JsonValue[],
  rootOf: (item: JsonValue) => JsonValue | undefined,
): readonly JsonValue[] {
  const inOrder = new Set<JsonValue>();
  for (const item of items) {
    const causes = new Set<JsonValue>([item]);
    for (let root = rootOf(item); root !== undefined && !causes.has(root); root = rootOf(root)) causes.add(root);
    for (const cause of [...causes].reverse()) inOrder.add(cause);
  }
  return [...inOrder];
}

/** Returns a fault that may be a cause or a symptom; `undefined` if it is cleared, or not a fault. */
function openFault(item: JsonValue, clocks: JsonFields | undefined): ItemFault | undefined {
  const fields = fieldsOf(item);
  const { fault_code: code, severity, first_occurred, occurrence_count, status_object } = fields ?? {};
  if (!fields || typeof code !== 'string' || typeof first_occurred !== 'number') return undefined;
  if (fieldsOf(status_object)?.['aggregatedStatus'] === 'cleared') return undefined;
  const name = fieldsOf(fields['x-medkit'])?.['origin'];
  const origin = typeof name === 'string' ? name : LOCAL;
  const { offset_ms, uncertainty_ms } = fieldsOf(clocks?.[origin]) ?? {};
  return {
    item: fields,
    occurrence: `${Number(occurrence_count)} ${first_occurred}`,
    origin,
    code,
    severity: Math.min(3, Math.max(0, Number(severity) || 0)) as FaultSeverity,
    sinceMs: first_occurred * 1000 - Number(offset_ms ?? 0),
    uncertaintyMs: Number(uncertainty_ms ?? 0),
  };
}

function withFacts(item: JsonFields, facts: JsonFields): JsonValue {
  return { ...item, 'x-medkit': { ...fieldsOf(item['x-medkit']), ...facts } } as JsonValue;
}

const listIn = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];
