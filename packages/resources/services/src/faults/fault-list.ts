import type {
  FaultCluster as ClusterItem,
  FaultListAggXMedkit,
  FaultListItem,
  FaultListResult,
  FaultListXMedkit,
  MutedFault,
} from '@medkit/contract';
import {
  type App,
  type Entity,
  type EntityTree,
  type FaultCluster,
  type FaultList,
  type FaultSymptom,
  onceFor,
} from '@medkit/core';
import { failedMembers } from '../members/failed-members.ts';
import type { Gathered } from '../members/gather.ts';
import { keyOf } from '../members/reach.ts';
import { faultItem } from './fault-item.ts';
import type { FaultManager } from './fault-managers.ts';
import type { FaultSelection } from './fault-selection.ts';
import { isInScope, ownedSources, sourceOf } from './fault-sources.ts';
import { seconds } from './fault-times.ts';

/** The lists of all fault managers. */
export type ToldFaults = Gathered<FaultManager, FaultList>;

/** What a request wants to see besides the faults. */
export interface Extras {
  readonly includeMuted: boolean;
  readonly includeClusters: boolean;
}

/**
 * The faults of the whole robot, or what is selected of them; all of them as the very same object for the same tree, lists and
 * extras where one manager told them.
 */
export function robotFaults(
  tree: EntityTree,
  told: ToldFaults,
  extras: Extras,
  select?: FaultSelection,
): FaultListResult {
  if (select) return robotList(tree, told, extras, select);
  const key = `${extras.includeMuted} ${extras.includeClusters}`;
  return madeOnce(tree, told, key, () => robotList(tree, told, extras));
}

/** What `make` gives, made once of a tree and the list of a single manager; `key` is what is made of them. */
function madeOnce(tree: EntityTree, told: ToldFaults, key: string, make: () => FaultListResult): FaultListResult {
  const [only, another] = told.entries;
  if (!only || another || told.silent.length > 0) return make();
  const bodies = bodiesFor(tree)(only.entry);
  const body = bodies.get(key) ?? make();
  bodies.set(key, body);
  return body;
}

/** Bodies by what they are: those of the robot by their extras, those of entities by these. */
const bodiesFor = onceFor((_: EntityTree) => onceFor((_: FaultList) => new Map<string, FaultListResult>()));

function robotList(
  tree: EntityTree,
  told: ToldFaults,
  extras: Extras,
  select: FaultSelection = (_, faults) => ({ faults }),
): FaultListResult {
  const whole = combined(told);
  const { faults, next } = select(tree, whole.faults);
  const list = { ...whole, faults };
  const { muted, clusters } = list;
  const items = itemsOf(tree, list);
  return {
    items,
    'x-medkit': {
      ...countsOf(items, list),
      ...(next !== undefined && { next_cursor: next }),
      ...(extras.includeMuted && muted.length > 0 && { muted_faults: muted.map(mutedItem) }),
      ...(extras.includeClusters && clusters.length > 0 && { clusters: clusters.map(clusterItem) }),
      ...missing(told),
    },
  };
}

/**
 * The faults of an entity, out of lists of all that were told with the muted ones. Nothing is said of the faults of others,
 * not even how many there are. The very same object for the same tree, list and entity where one manager told them.
 */
export function entityFaults(tree: EntityTree, entity: Entity, told: ToldFaults): FaultListResult {
  return madeOnce(tree, told, keyOf(entity), () => entityList(tree, entity, told));
}

function entityList(tree: EntityTree, entity: Entity, told: ToldFaults): FaultListResult {
  const owned = ownedSources(tree, entity);
  const scoped = scopedList(combined(told), owned);
  const items = itemsOf(tree, withoutMuted(scoped));
  const about =
    entity.kind === 'app'
      ? { ...aboutApp(entity), ...countsOf(items, scoped) }
      : { ...aboutMembers(tree, entity, owned), count: items.length };
  return { items, 'x-medkit': { ...about, ...missing(told) } };
}

/** The faults of an entity as cyclic subscriptions tell them. */
export interface FaultSample {
  readonly faults: readonly FaultListItem[];
  readonly count: number;
  readonly muted_count: number;
  readonly cluster_count: number;
}

/** The same faults as `entityFaults` gives. */
export function faultSample(tree: EntityTree, entity: Entity, told: ToldFaults): FaultSample {
  const scoped = scopedList(combined(told), ownedSources(tree, entity));
  const faults = itemsOf(tree, withoutMuted(scoped));
  return { faults, ...countsOf(faults, scoped) };
}

function combined({ entries }: ToldFaults): FaultList {
  return {
    faults: entries.flatMap(({ entry }) => entry.faults),
    muted: entries.flatMap(({ entry }) => entry.muted),
    clusters: entries.flatMap(({ entry }) => entry.clusters),
  };
}

function missing({ silent }: ToldFaults): Pick<FaultListXMedkit, 'partial' | 'failed_members'> {
  return silent.length > 0 ? { partial: true, failed_members: failedMembers(silent) } : {};
}

function scopedList({ faults, muted, clusters }: FaultList, owned: ReadonlySet<string>): FaultList {
  const inScope = faults.filter(({ fault }) => isInScope(fault, owned));
  const codes = new Set(inScope.map(({ fault }) => fault.code));
  return {
    faults: inScope,
    muted: muted.filter(({ faultCode }) => codes.has(faultCode)),
    clusters: clusters.filter(({ faultCodes }) => faultCodes.every((code) => codes.has(code))),
  };
}

function withoutMuted(list: FaultList): FaultList {
  const muted = new Set(list.muted.map(({ faultCode }) => faultCode));
  return { ...list, faults: list.faults.filter(({ fault }) => !muted.has(fault.code)) };
}

function itemsOf(tree: EntityTree, { faults, muted, clusters }: FaultList): FaultListItem[] {
  const symptoms = new Map(muted.map((symptom) => [symptom.faultCode, symptom]));
  const clusterOf = new Map(clusters.flatMap((cluster) => cluster.faultCodes.map((code) => [code, cluster])));
  return faults.map(({ fault, thresholds }) =>
    faultItem(tree, fault, { thresholds, muted: symptoms.get(fault.code), cluster: clusterOf.get(fault.code) }),
  );
}

function countsOf(items: readonly FaultListItem[], { muted, clusters }: FaultList) {
  return { count: items.length, muted_count: muted.length, cluster_count: clusters.length };
}

function aboutApp(app: App): Pick<FaultListXMedkit, 'entity_id' | 'source_id'> {
  return { entity_id: app.id, source_id: sourceOf(app) };
}

function aboutMembers(
  tree: EntityTree,
  entity: Exclude<Entity, App>,
  owned: ReadonlySet<string>,
): Omit<FaultListAggXMedkit, 'count'> {
  const { id, kind } = entity;
  const apps = tree.members(entity).filter((member) => member.kind === 'app').length;
  return {
    entity_id: id,
    aggregation_level: kind,
    aggregated: true,
    ...(kind === 'area' && { component_count: tree.componentsBelow(id).length }),
    ...(kind === 'function' ? { host_count: entity.hosts.length } : { app_count: apps }),
    aggregation_sources: [...owned].sort(),
  };
}

function mutedItem({ faultCode, rootCauseCode, ruleId, delayMs }: FaultSymptom): MutedFault {
  return { fault_code: faultCode, root_cause_code: rootCauseCode, rule_id: ruleId, delay_ms: delayMs };
}

/** In clusters ros2_medkit writes the second word in full. */
const CLUSTER_SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

function clusterItem(cluster: FaultCluster): ClusterItem {
  return {
    cluster_id: cluster.id,
    rule_id: cluster.ruleId,
    rule_name: cluster.ruleName,
    label: cluster.ruleName,
    representative_code: cluster.representativeCode,
    representative_severity: CLUSTER_SEVERITIES[cluster.representativeSeverity],
    fault_codes: [...cluster.faultCodes],
    count: cluster.faultCodes.length,
    first_at: seconds(cluster.firstAtNs),
    last_at: seconds(cluster.lastAtNs),
  };
}
