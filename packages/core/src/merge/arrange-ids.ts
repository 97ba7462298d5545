import { isSameList, type MappedRows, mapRows } from '../entity/changed-rows.ts';
import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf } from '../entity/entity.ts';
import { LOCAL, listOf, type Origin } from '../entity/entity.ts';
import { type AssignedIds, assignIds, type HolderOf, type IdCollision, type ReservedIds } from './assign-ids.ts';
import { equalData } from './equal.ts';

/** Contributions in which each id belongs to one entity, and the state that the next call needs. */
export interface ArrangedIds {
  readonly contributions: readonly Contribution[];
  /** In the order of kinds, ids and origins. */
  readonly collisions: readonly IdCollision[];
  readonly memory: {
    readonly reserved: ReservedIds;
    /** By runtime. */
    readonly made: ReadonlyMap<string, MadeLists>;
  };
}

/** The rows made from each row of a contribution and of its additions. */
type MadeLists = ReadonlyMap<string, MappedRows<Entity, Entity>>;

/**
 * Gives entities of several gateways ids that belong to one entity each. Areas and functions with one id are one
 * entity. So is a component that is the parent of others in every gateway that reports it.
 *
 * Other components and all apps stay separate: this gateway keeps the id, else the gateway with the highest priority.
 * The entity of each other gateway gets `<origin>__<id>`. References within a gateway are renamed together with the
 * entities they name.
 *
 * A gateway that had an id when another one reported it keeps the id. If `holderOf` returns a gateway for an id, no
 * other peer gets the id, only this gateway. Apart from that the result depends on the contributions, never on their
 * order.
 *
 * Contributions of this gateway are returned unchanged. A row of another gateway is the same object as `before` if
 * nothing in it changed.
 */
export function arrangeIds(
  contributions: readonly Contribution[],
  before?: ArrangedIds,
  holderOf?: HolderOf,
): ArrangedIds {
  const isForeign = contributions.some(({ origin = LOCAL }) => origin !== LOCAL);
  if (!isForeign)
    return {
      contributions,
      collisions: [],
      memory: { reserved: before?.memory.reserved ?? new Map(), made: new Map() },
    };
  const places = localPlaces(contributions);
  const names = assignIds(contributions, before?.memory.reserved, holderOf);
  const made = new Map<string, MadeLists>();
  const arranged = contributions.map((contribution) => {
    const { origin = LOCAL, runtime } = contribution;
    if (origin === LOCAL) return contribution;
    const rows = new Map<string, MappedRows<Entity, Entity>>();
    made.set(runtime, rows);
    return renamed(contribution, { origin, names, places, rows, before: before?.memory.made.get(runtime) });
  });
  return { contributions: arranged, collisions: names.collisions, memory: { reserved: names.reserved, made } };
}

interface Renaming {
  readonly origin: Origin;
  readonly names: AssignedIds;
  readonly places: LocalPlaces;
  /** Receives the new rows. */
  readonly rows: Map<string, MappedRows<Entity, Entity>>;
  readonly before: MadeLists | undefined;
}

function renamed(contribution: Contribution, renaming: Renaming): Contribution {
  const { additions } = contribution;
  return {
    ...contribution,
    ...renamedLists(contribution, 'reported', renaming),
    ...(additions && { additions: renamedLists({ ...NONE, ...additions }, 'added', renaming) }),
  };
}

const NONE: EntityLists = { areas: [], components: [], apps: [], functions: [] };

function renamedLists(
  lists: EntityLists,
  part: string,
  { origin, names, places, rows, before }: Renaming,
): EntityLists {
  const list = <K extends EntityKind>(kind: K): readonly EntityOf[K][] => {
    const reported = listOf(lists, kind);
    const key = `${part} ${kind}`;
    const make = (entity: Entity, _at: number, old: Entity | undefined): Entity => {
      const now = withAliases(placedBy(renamedEntity(entity, origin, names), places), origin, names);
      return old && now !== entity && equalData(old, now) ? old : now;
    };
    const made = mapRows<Entity, Entity>(reported, make, before?.get(key));
    rows.set(key, made);
    // The row made from an entity has the same kind.
    return isSameList(made.made, reported) ? reported : (made.made as readonly EntityOf[K][]);
  };
  return { areas: list('area'), components: list('component'), apps: list('app'), functions: list('function') };
}

/**
 * Adds spellings of the id of an app or component with `-` and `_` exchanged as aliases: the web UI and Foxglove derive
 * ids from node names, each with its own spelling. Drops aliases that belong or belonged to another entity.
 */
function withAliases(entity: Entity, origin: Origin, names: AssignedIds): Entity {
  if (entity.kind !== 'app' && entity.kind !== 'component') return entity;
  const { kind, id, aliases: reported = [] } = entity;
  const wanted = new Set([...reported, id.replaceAll('_', '-'), id.replaceAll('-', '_')]);
  wanted.delete(id);
  // The full name of a node is unique on its own robot only.
  const aliases = [...wanted].filter((name) => name.startsWith('/') || names.isFreeFor(origin, kind, name));
  return isSameList(aliases, reported) ? entity : { ...entity, aliases };
}

/** Ids of the areas and components that this gateway declares: it alone decides their places in the tree. */
interface LocalPlaces {
  readonly areas: ReadonlySet<string>;
  readonly components: ReadonlySet<string>;
}

function localPlaces(contributions: readonly Contribution[]): LocalPlaces {
  const local = contributions.filter(({ origin = LOCAL }) => origin === LOCAL);
  return {
    areas: new Set(local.flatMap(({ areas }) => areas.map(({ id }) => id))),
    components: new Set(local.flatMap(({ components }) => components.map(({ id }) => id))),
  };
}

/** Removes the parent and area from an area or component of a peer if this gateway also declares that entity. */
function placedBy(entity: Entity, places: LocalPlaces): Entity {
  if (entity.kind === 'area' && entity.parentAreaId !== undefined && places.areas.has(entity.id)) {
    const { parentAreaId: _, ...rest } = entity;
    return rest;
  }
  if (entity.kind !== 'component' || !places.components.has(entity.id)) return entity;
  if (entity.parentComponentId === undefined && entity.areaId === undefined) return entity;
  const { parentComponentId: _parent, areaId: _area, ...rest } = entity;
  return rest;
}

/** Renames an entity and its references. Returns the same object if no name changes. */
function renamedEntity(entity: Entity, origin: Origin, names: AssignedIds): Entity {
  const app = (id: string) => names.nameOf(origin, 'app', id);
  const component = (id: string) => names.nameOf(origin, 'component', id);
  switch (entity.kind) {
    case 'area':
      return entity;
    case 'component': {
      const prefixed = prefixedName(entity, component(entity.id), origin);
      const parentComponentId = entity.parentComponentId && component(entity.parentComponentId);
      const dependsOn = entity.dependsOn && allNamed(entity.dependsOn, component);
      const isSame = parentComponentId === entity.parentComponentId && dependsOn === entity.dependsOn;
      if (isSame && prefixed.id === entity.id) return entity;
      return {
        ...entity,
        ...prefixed,
        ...(parentComponentId && { parentComponentId }),
        ...(dependsOn && { dependsOn }),
      };
    }
    case 'app': {
      const prefixed = prefixedName(entity, app(entity.id), origin);
      const componentId = entity.componentId && component(entity.componentId);
      const dependsOn = entity.dependsOn && allNamed(entity.dependsOn, app);
      const isSame = componentId === entity.componentId && dependsOn === entity.dependsOn;
      if (isSame && prefixed.id === entity.id) return entity;
      return { ...entity, ...prefixed, ...(componentId && { componentId }), ...(dependsOn && { dependsOn }) };
    }
    case 'function': {
      const hosts = allNamed(entity.hosts, (id) => names.hostNameOf(origin, id));
      return hosts === entity.hosts ? entity : { ...entity, hosts };
    }
  }
}

/** The id and the display name of an entity. Users distinguish entities by their names, so both get the prefix. */
function prefixedName({ id, name }: Entity, alias: string, origin: Origin): Pick<Entity, 'id' | 'name'> {
  return alias === id ? { id, name } : { id: alias, name: name && `${origin}__${name}` };
}

function allNamed(ids: readonly string[], nameOf: (id: string) => string): readonly string[] {
  const named = ids.map(nameOf);
  return isSameList(named, ids) ? ids : named;
}
