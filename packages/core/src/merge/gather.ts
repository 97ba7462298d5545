import { changedRows } from '../entity/changed-rows.ts';
import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf, EntityRef } from '../entity/entity.ts';
import { LOCAL, listOf, type Origin } from '../entity/entity.ts';
import { entityIdProblem } from '../entity/entity-id.ts';
import { equalData } from './equal.ts';
import type { EntityReport, Reporter } from './merge-entity.ts';

/** An entity of a contribution that is not part of the tree. */
export interface DroppedEntity extends EntityRef {
  readonly runtime: string;
  readonly reason: string;
}

/** A contribution with the identity and policies of its runtime. */
export interface AttributedContribution {
  readonly reporter: Reporter;
  readonly contribution: Contribution;
}

/** Everything that contributions say about one entity, highest priority first. */
export type EntityReports<K extends EntityKind> = [EntityReport<EntityOf[K]>, ...EntityReport<EntityOf[K]>[]];

/** Sorts contributions by priority, highest first, and contributions of equal priority by the name of their runtime. */
export function rank(contributions: readonly Contribution[]): readonly Contribution[] {
  return [...contributions].sort(
    (a, b) => b.priority - a.priority || (a.runtime < b.runtime ? -1 : a.runtime > b.runtime ? 1 : 0),
  );
}

/**
 * Pairs sorted contributions with their reporters. If the priority, origin and policies of a runtime did not change,
 * returns the same reporter object as `before`.
 */
export function attribute(
  contributions: readonly Contribution[],
  before: readonly AttributedContribution[] = [],
): readonly AttributedContribution[] {
  const known = new Map(before.map(({ reporter }) => [reporter.runtime, reporter]));
  return rank(contributions).map((contribution): AttributedContribution => {
    const { runtime, priority, origin = LOCAL, policies } = contribution;
    const reporter: Reporter = { runtime, priority, origin, ...(policies && { policies }) };
    const old = known.get(runtime);
    return { reporter: old && equalData(old, reporter) ? old : reporter, contribution };
  });
}

/**
 * Collects what contributions say about the entities of one kind with these `ids`, by id. Adds entities that cannot be
 * used to `dropped`.
 */
export function gather<K extends EntityKind>(
  attributed: readonly AttributedContribution[],
  kind: K,
  ids: ReadonlySet<string>,
  dropped: DroppedEntity[],
): ReadonlyMap<string, EntityReports<K>> {
  const gathered = new Map<string, EntityReports<K>>();
  for (const { reporter, contribution } of attributed) {
    for (const entity of listOf(contribution, kind)) {
      const { id } = entity;
      if (!ids.has(id)) continue;
      const reports = gathered.get(id);
      const reason =
        entityIdProblem(id) ??
        (reports && hasReported(reports, reporter) ? `Reported twice by ${reporter.runtime}` : undefined);
      if (reason) dropped.push({ runtime: reporter.runtime, kind, id, reason });
      else if (reports) reports.push({ reporter, entity });
      else gathered.set(id, [{ reporter, entity }]);
    }
  }
  addTo(gathered, attributed, kind);
  return gathered;
}

/** Appends `additions` after the full reports, so that an addition never decides which runtime reports an entity. */
function addTo<K extends EntityKind>(
  gathered: ReadonlyMap<string, EntityReports<K>>,
  attributed: readonly AttributedContribution[],
  kind: K,
): void {
  for (const { reporter, contribution } of attributed) {
    for (const entity of additionsOf(contribution, kind)) {
      const reports = gathered.get(entity.id);
      if (reports && !hasReported(reports, reporter) && isOf(reports, reporter.origin))
        reports.push({ reporter, entity });
    }
  }
}

const NO_ENTITIES: EntityLists = { areas: [], components: [], apps: [], functions: [] };

function additionsOf<K extends EntityKind>({ additions }: Contribution, kind: K): readonly EntityOf[K][] {
  return listOf(additions ? { ...NO_ENTITIES, ...additions } : NO_ENTITIES, kind);
}

/**
 * Returns the ids of one kind whose reports may have changed since `before`, including ids that no contribution reports
 * any more.
 */
export function changedIds(
  before: readonly AttributedContribution[],
  attributed: readonly AttributedContribution[],
  kind: EntityKind,
): Set<string> {
  const ids = new Set<string>();
  const compare = (old: readonly Entity[], now: readonly Entity[]): void => {
    const { from, endBefore, end } = changedRows(old, now);
    for (const { id } of old.slice(from, endBefore)) ids.add(id);
    for (const { id } of now.slice(from, end)) ids.add(id);
  };
  const left = new Map(before.map(({ reporter, contribution }) => [reporter, contribution]));
  for (const { reporter, contribution } of attributed) {
    const old = left.get(reporter);
    left.delete(reporter);
    compare(old ? listOf(old, kind) : [], listOf(contribution, kind));
    compare(old ? additionsOf(old, kind) : [], additionsOf(contribution, kind));
  }
  for (const removed of left.values()) compare([...listOf(removed, kind), ...additionsOf(removed, kind)], []);
  return ids;
}

/**
 * Returns whether a contribution of this origin reports the entity. Additions only apply to entities of the same
 * gateway.
 */
function isOf(reports: readonly { readonly reporter: Reporter }[], origin: Origin): boolean {
  return reports.some(({ reporter }) => reporter.origin === origin);
}

function hasReported(reports: readonly { readonly reporter: Reporter }[], { runtime }: Reporter): boolean {
  return reports.some(({ reporter }) => reporter.runtime === runtime);
}
