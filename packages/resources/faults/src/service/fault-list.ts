import {
  type FaultCluster as ClusterItem,
  FAULT_SEVERITIES,
  type FaultListAggXMedkit,
  type FaultListItem,
  type FaultListResult,
  type FaultListXMedkit,
  type MutedFault,
} from '@medkit/contract';
import {
  type App,
  type Entity,
  type EntityTree,
  type ExplainedFault,
  type FaultCluster,
  type FaultList,
  type FaultSymptom,
  memoizeByObject,
} from '@medkit/core';
import { entityKey, failedMembers, type Gathered, type Owned } from '@medkit/entities';
import { faultItem, type ListedFault } from './fault-item.ts';
import type { FaultOwner } from './fault-managers.ts';
import type { FaultSelection } from './fault-selection.ts';
import { faultScope, ownedSources, sourceOf } from './fault-sources.ts';
import { seconds } from './fault-times.ts';

/** The fault lists of all fault managers. */
export type GatheredFaults = Gathered<FaultOwner, FaultList>;

/** What a request includes besides the faults. */
export interface Extras {
  readonly includeMuted: boolean;
  readonly includeClusters: boolean;
}

/**
 * Builds the fault list of the whole robot, or a selection of it. Without a selection, and if a single manager
 * answered, returns the same object for the same tree, list and extras.
 */
export function robotFaults(
  tree: EntityTree,
  gathered: GatheredFaults,
  extras: Extras,
  select?: FaultSelection,
): FaultListResult {
  if (select) return robotList(tree, gathered, extras, select);
  const key = `${extras.includeMuted} ${extras.includeClusters}`;
  return madeOnce(tree, gathered, key, () => robotList(tree, gathered, extras));
}

/**
 * Returns the cached result of `make` for a tree and the list of a single manager, by `key`. Does not cache merged
 * lists.
 */
function madeOnce(
  tree: EntityTree,
  gathered: GatheredFaults,
  key: string,
  make: () => FaultListResult,
): FaultListResult {
  const [only, another] = gathered.entries;
  if (!only || another || gathered.silent.length > 0) return make();
  const bodies = bodiesFor(tree)(only.entry);
  const body = bodies.get(key) ?? make();
  bodies.set(key, body);
  return body;
}

/** Cached bodies: the key is the extras for the robot, the entity otherwise. */
const bodiesFor = memoizeByObject((_: EntityTree) =>
  memoizeByObject((_: FaultList) => new Map<string, FaultListResult>()),
);

function robotList(
  tree: EntityTree,
  gathered: GatheredFaults,
  extras: Extras,
  select: FaultSelection = (_, faults) => ({ faults }),
): FaultListResult {
  const { faults, next } = select(tree, gathered.entries.flatMap(listedFaults));
  const items = itemsOf(tree, faults);
  const muted = gathered.entries.flatMap(({ entry }) => entry.muted);
  const clusters = gathered.entries.flatMap(({ entry }) => entry.clusters);
  return {
    items,
    'x-medkit': {
      count: items.length,
      muted_count: muted.length,
      cluster_count: clusters.length,
      ...(next !== undefined && { next_cursor: next }),
      ...(extras.includeMuted && muted.length > 0 && { muted_faults: muted.map(mutedItem) }),
      ...(extras.includeClusters && clusters.length > 0 && { clusters: clusters.map(clusterItem) }),
      ...failedMembers(gathered.silent),
    },
  };
}

/**
 * Builds the fault list of an entity from lists that include muted faults. It reveals nothing about the faults of other
 * entities, not even counts. If a single manager answered, returns the same object for the same tree, list and entity.
 */
export function entityFaults(tree: EntityTree, entity: Entity, gathered: GatheredFaults): FaultListResult {
  return madeOnce(tree, gathered, entityKey(entity), () => entityList(tree, entity, gathered));
}

function entityList(tree: EntityTree, entity: Entity, gathered: GatheredFaults): FaultListResult {
  const { faults: items, ...counts } = faultSample(tree, entity, gathered);
  const about =
    entity.kind === 'app'
      ? { ...aboutApp(entity), ...counts }
      : { ...describeMembers(tree, entity), count: items.length };
  return { items: [...items], 'x-medkit': { ...about, ...failedMembers(gathered.silent) } };
}

/** The faults of an entity as cyclic subscriptions send them. */
export interface FaultSample {
  readonly faults: readonly FaultListItem[];
  readonly count: number;
  readonly muted_count: number;
  readonly cluster_count: number;
  /** Failed members, as in lists; absent if none failed. */
  readonly 'x-medkit'?: Pick<FaultListXMedkit, 'partial' | 'failed_members'>;
}

/** Returns the same faults as `entityFaults`. */
export function faultSample(tree: EntityTree, entity: Entity, gathered: GatheredFaults): FaultSample {
  const scoped = gathered.entries.map(({ owner, entry }) => {
    const scope = faultScope(tree, entity, owner.origin);
    return { owner, entry: scopedList(entry, ({ fault }) => scope.has(fault)) };
  });
  const faults = itemsOf(
    tree,
    scoped.flatMap(listedFaults).filter(({ muted }) => !muted),
  );
  const counted = (of: 'muted' | 'clusters') => scoped.reduce((sum, { entry }) => sum + entry[of].length, 0);
  const counts = { count: faults.length, muted_count: counted('muted'), cluster_count: counted('clusters') };
  return { faults, ...counts, ...(gathered.silent.length > 0 && { 'x-medkit': failedMembers(gathered.silent) }) };
}

/** Joins faults with the explanations of the same manager: another manager may have faults with the same codes. */
function listedFaults({ owner, entry }: Owned<FaultOwner, FaultList>): readonly ListedFault[] {
  const { origin } = owner;
  const symptoms = new Map(entry.muted.map((symptom) => [symptom.faultCode, symptom]));
  const clusters = new Map(entry.clusters.flatMap((cluster) => cluster.faultCodes.map((code) => [code, cluster])));
  return entry.faults.map(({ fault, thresholds, record }) => {
    const { code } = fault;
    return { fault, thresholds, record, origin, muted: symptoms.get(code), cluster: clusters.get(code) };
  });
}

function itemsOf(tree: EntityTree, faults: readonly ListedFault[]): FaultListItem[] {
  return faults.map((listed) => faultItem(tree, listed.fault, listed));
}

function scopedList({ faults, muted, clusters }: FaultList, isWanted: (fault: ExplainedFault) => boolean): FaultList {
  const wanted = faults.filter(isWanted);
  const codes = new Set(wanted.map(({ fault }) => fault.code));
  return {
    faults: wanted,
    muted: muted.filter(({ faultCode }) => codes.has(faultCode)),
    clusters: clusters.filter(({ faultCodes }) => faultCodes.every((code) => codes.has(code))),
  };
}

function aboutApp(app: App): Pick<FaultListXMedkit, 'entity_id' | 'source_id'> {
  return { entity_id: app.id, source_id: sourceOf(app) };
}

function describeMembers(tree: EntityTree, entity: Exclude<Entity, App>): Omit<FaultListAggXMedkit, 'count'> {
  const { id, kind } = entity;
  const apps = tree.members(entity).filter((member) => member.kind === 'app').length;
  return {
    entity_id: id,
    aggregation_level: kind,
    aggregated: true,
    ...(kind === 'area' && { component_count: tree.componentsBelow(id).length }),
    ...(kind === 'function' ? { host_count: entity.hosts.length } : { app_count: apps }),
    aggregation_sources: [...ownedSources(tree, entity)].sort(),
  };
}

function mutedItem({ faultCode, rootCauseCode, ruleId, delayMs }: FaultSymptom): MutedFault {
  return { fault_code: faultCode, root_cause_code: rootCauseCode, rule_id: ruleId, delay_ms: delayMs };
}

/** Converts a cluster to a list item. */
export function clusterItem(cluster: FaultCluster): ClusterItem {
  return {
    cluster_id: cluster.id,
    rule_id: cluster.ruleId,
    rule_name: cluster.ruleName,
    label: cluster.ruleName,
    representative_code: cluster.representativeCode,
    representative_severity: FAULT_SEVERITIES.longLabels[cluster.representativeSeverity],
    fault_codes: [...cluster.faultCodes],
    count: cluster.faultCodes.length,
    first_at: seconds(cluster.firstAtNs),
    last_at: seconds(cluster.lastAtNs),
  };
}
