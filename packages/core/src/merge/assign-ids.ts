import type { Contribution } from '../entity/contribution.ts';
import { type Component, type Entity, LOCAL, listOf, type Origin } from '../entity/entity.ts';
import { MAX_ENTITY_ID_LENGTH, toEntityId } from '../entity/entity-id.ts';
import { memoizeByObject } from '../memoize-by-object.ts';
import { rank } from './gather.ts';

/** Maximum ids that stay reserved for a gateway that no longer reports them. The oldest are dropped. */
const MAX_RESERVED_IDS = 10_000;

/** Kinds whose entities belong to one gateway each, except components that are parents of others. */
type SeparateKind = 'app' | 'component';
const SEPARATE_KINDS: readonly SeparateKind[] = ['component', 'app'];

/** An id that another gateway holds. The entity of `origin` gets the id `alias` instead. */
export interface IdCollision {
  readonly kind: SeparateKind;
  readonly id: string;
  readonly origin: Origin;
  readonly alias: string;
  /** The gateway that holds the id; absent if it no longer reports the entity. */
  readonly holder?: Origin;
}

/** The holder of each id that more than one gateway has reported, by kind and id. */
export type ReservedIds = ReadonlyMap<string, Rank>;

/** The gateway that was given an id earlier and keeps it; `undefined` if no gateway was. */
export type HolderOf = (kind: SeparateKind, id: string) => Origin | undefined;

/** The precedence of a gateway: this gateway first, then by priority, then by name. */
interface Rank {
  readonly origin: Origin;
  readonly priority: number;
}

/** The ids of entities in the merged tree. */
export interface AssignedIds {
  readonly collisions: readonly IdCollision[];
  readonly reserved: ReservedIds;
  /**
   * Returns the merged id of the entity that `origin` reports under `id`. If `origin` does not report it, returns an id
   * that no other entity has.
   */
  nameOf(origin: Origin, kind: SeparateKind, id: string): string;
  /** Returns whether a name may become an id or alias of an entity of `origin`: no other entity has or had it. */
  isFreeFor(origin: Origin, kind: SeparateKind, name: string): boolean;
  /** Returns the merged id of a function host, which is an app or otherwise a component. */
  hostNameOf(origin: Origin, id: string): string;
}

/** Assigns ids to all entities that the `contributions` of several gateways report. */
export function assignIds(
  contributions: readonly Contribution[],
  before: ReservedIds = new Map(),
  holderOf: HolderOf = () => undefined,
): AssignedIds {
  const origins = idsByOrigin(contributions);
  const reserved = new Map(before);
  const aliases = new Map<string, string>();
  const taken = new Set<string>();
  const collisions: IdCollision[] = [];

  const reportersOf = (kind: SeparateKind, id: string) => origins.filter((gateway) => gateway.reports(kind, id));
  /** Whether every gateway that reports the component reports it as the parent of others. */
  const isShared = (kind: SeparateKind, id: string, reporters: readonly OriginIds[]): boolean =>
    kind === 'component' && reporters.every((gateway) => gateway.parents().has(id));
  const isFree = (kind: SeparateKind, id: string): boolean =>
    !taken.has(keyOf(kind, id)) && !reserved.has(keyOf(kind, id)) && reportersOf(kind, id).length === 0;
  /** An alias may be an id that the same gateway had earlier. */
  const isFreeFor = (origin: Origin, kind: SeparateKind, id: string): boolean =>
    isFree(kind, id) && (holderOf(kind, id) ?? origin) === origin;
  const aliasOf = (origin: Origin, kind: SeparateKind, id: string): string => {
    const alias = `${toEntityId(origin)}__${id}`;
    for (let number = 1; ; number += 1) {
      const end = number === 1 ? '' : `_${number}`;
      const candidate = `${alias.slice(0, MAX_ENTITY_ID_LENGTH - end.length)}${end}`;
      if (isFreeFor(origin, kind, candidate)) return candidate;
    }
  };

  for (const kind of SEPARATE_KINDS) {
    const contested = [...contestedIds(origins, kind, before, holderOf)].sort();
    const separated = contested.flatMap((id) => {
      const reporters = reportersOf(kind, id);
      if (reporters.length === 0 || (reporters.length > 1 && isShared(kind, id, reporters))) return [];
      const held = before.get(keyOf(kind, id));
      // A parent is one entity for all gateways, whichever of them described it first.
      const assigned = isShared(kind, id, reporters) ? undefined : holderOf(kind, id);
      const holder = firstOf(reporters, held, assigned);
      if (holder) reserved.set(keyOf(kind, id), { origin: holder.origin, priority: holder.priority });
      const others = reporters.filter((reporter) => reporter.origin !== holder?.origin);
      const isReported = others.length < reporters.length;
      return others.map(({ origin }) => ({ id, origin, ...(holder && isReported && { holder: holder.origin }) }));
    });
    for (const { id, origin, holder } of separated) {
      const alias = aliasOf(origin, kind, id);
      taken.add(keyOf(kind, alias));
      aliases.set(`${origin} ${keyOf(kind, id)}`, alias);
      collisions.push({ kind, id, origin, alias, ...(holder !== undefined && { holder }) });
    }
  }
  for (const key of reserved.keys()) {
    if (reserved.size <= MAX_RESERVED_IDS) break;
    reserved.delete(key);
  }

  const reports = (origin: Origin, kind: SeparateKind, id: string): boolean =>
    origins.some((gateway) => gateway.origin === origin && gateway.reports(kind, id));
  const nameOf = (origin: Origin, kind: SeparateKind, id: string): string => {
    const alias = aliases.get(`${origin} ${keyOf(kind, id)}`);
    if (alias !== undefined) return alias;
    return reports(origin, kind, id) || isFreeFor(origin, kind, id) ? id : aliasOf(origin, kind, id);
  };
  return {
    collisions,
    reserved,
    nameOf,
    isFreeFor,
    hostNameOf: (origin, id) => {
      if (reports(origin, 'app', id)) return nameOf(origin, 'app', id);
      const component = nameOf(origin, 'component', id);
      return component === id && !reports(origin, 'component', id) ? nameOf(origin, 'app', id) : component;
    },
  };
}

/**
 * Returns this gateway if it reports an id; else the gateway that was given it earlier; else the gateway of the highest
 * rank.
 */
function firstOf(reporters: readonly Rank[], held: Rank | undefined, assigned: Origin | undefined): Rank | undefined {
  const [first] = [...reporters, ...(held ? [held] : [])].sort(byRank);
  if (assigned === undefined || first?.origin === LOCAL) return first;
  return reporters.find(({ origin }) => origin === assigned) ?? { origin: assigned, priority: 0 };
}

/** The ids that one gateway reports. */
interface OriginIds extends Rank {
  readonly idsOf: (kind: SeparateKind) => readonly ReadonlySet<string>[];
  reports(kind: SeparateKind, id: string): boolean;
  /** Ids of components that are parents of others of the same gateway. */
  parents(): ReadonlySet<string>;
}

function idsByOrigin(contributions: readonly Contribution[]): readonly OriginIds[] {
  const groups = Map.groupBy(rank(contributions), ({ origin = LOCAL }) => origin);
  const gateways = Array.from(groups, ([origin, members]): OriginIds => {
    const ids = {
      app: members.map(({ apps }) => idsIn(apps)),
      component: members.map(({ components }) => idsIn(components)),
    };
    let parents: ReadonlySet<string> | undefined;
    return {
      origin,
      priority: members[0]?.priority ?? 0,
      idsOf: (kind) => ids[kind],
      reports: (kind, id) => ids[kind].some((list) => list.has(id)),
      parents: () => {
        parents ??= parentsIn(members.flatMap((contribution) => listOf(contribution, 'component')));
        return parents;
      },
    };
  });
  return gateways.sort(byRank);
}

/** Cached per list: most lists rarely change, and every merge needs all of them. */
const idsIn = memoizeByObject(
  (entities: readonly Entity[]): ReadonlySet<string> => new Set(entities.map(({ id }) => id)),
);

/** The ids that more than one gateway reports, those that are reserved, and those that another gateway was given. */
function contestedIds(
  origins: readonly OriginIds[],
  kind: SeparateKind,
  before: ReservedIds,
  holderOf: HolderOf,
): Set<string> {
  const contested = new Set<string>();
  for (const [at, { origin, idsOf }] of origins.entries()) {
    const others = origins.slice(0, at);
    for (const ids of idsOf(kind)) {
      for (const id of ids) {
        const isHeld = before.has(keyOf(kind, id)) || (holderOf(kind, id) ?? origin) !== origin;
        if (isHeld || others.some((other) => other.reports(kind, id))) contested.add(id);
      }
    }
  }
  return contested;
}

/**
 * Returns the components that are the parent of another one, without components that are their own ancestors.
 * `components` are sorted by precedence, highest first.
 */
function parentsIn(components: readonly Component[]): ReadonlySet<string> {
  const parentOf = new Map<string, string>();
  for (const { id, parentComponentId } of components) {
    if (parentComponentId && !parentOf.has(id)) parentOf.set(id, parentComponentId);
  }
  const isInCycle = (id: string): boolean => {
    const seen = new Set<string>();
    for (let above = parentOf.get(id); above !== undefined && !seen.has(above); above = parentOf.get(above)) {
      if (above === id) return true;
      seen.add(above);
    }
    return false;
  };
  return new Set([...parentOf.values()].filter((id) => !isInCycle(id)));
}

function byRank(a: Rank, b: Rank): number {
  if (a.origin === b.origin) return 0;
  if (a.origin === LOCAL) return -1;
  if (b.origin === LOCAL) return 1;
  return b.priority - a.priority || (a.origin < b.origin ? -1 : 1);
}

function keyOf(kind: SeparateKind, id: string): string {
  return `${kind}/${id}`;
}
