import type { Contribution } from '../entity/contribution.ts';
import type { Entity, EntityKind, EntityLists, EntityOf } from '../entity/entity.ts';
import { LOCAL, listOf, type Origin } from '../entity/entity.ts';
import { isSameList, type MadeRows, makeRows } from './changed-rows.ts';
import { equalData } from './equal.ts';
import { type HolderOf, type IdCollision, type IdNames, idNames, type ReservedIds } from './id-names.ts';

/** Contributions whose ids mean one entity each, and how they came about, for the next time. */
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

/** What was made of each row of a contribution, of its additions as well. */
type MadeLists = ReadonlyMap<string, MadeRows<Entity, Entity>>;

/**
 * Arranges that two gateways never mean different entities by one id. Apps that several tell of stay apart, and so do
 * components, but for one that is parent of others for everybody who tells of it: this gateway keeps the id, or else the one
 * with the highest priority, and the entity of each other goes by `<origin>__<id>`. Areas, functions and such parents are one.
 * Whatever an origin tells names its own entities: references are told by the same names.
 *
 * An id that was one gateway's when another told of it, too, stays that one's for good. An id that `holderOf` names a gateway for is
 * not given to another peer; this gateway takes it. Otherwise the outcome depends on what is told alone, never on the order. Of one origin, contributions come back as they are; of others a row is the same object as
 * `before` as long as nothing of it differs.
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
  const own = ownPlaces(contributions);
  const names = idNames(contributions, before?.memory.reserved, holderOf);
  const made = new Map<string, MadeLists>();
  const arranged = contributions.map((contribution) => {
    const { origin = LOCAL, runtime } = contribution;
    if (origin === LOCAL) return contribution;
    const rows = new Map<string, MadeRows<Entity, Entity>>();
    made.set(runtime, rows);
    return renamed(contribution, { origin, names, own, rows, before: before?.memory.made.get(runtime) });
  });
  return { contributions: arranged, collisions: names.collisions, memory: { reserved: names.reserved, made } };
}

interface Renaming {
  readonly origin: Origin;
  readonly names: IdNames;
  readonly own: OwnPlaces;
  /** Is filled with what is made. */
  readonly rows: Map<string, MadeRows<Entity, Entity>>;
  readonly before: MadeLists | undefined;
}

function renamed(contribution: Contribution, renaming: Renaming): Contribution {
  const { additions } = contribution;
  return {
    ...contribution,
    ...renamedLists(contribution, 'told', renaming),
    ...(additions && { additions: renamedLists({ ...NONE, ...additions }, 'added', renaming) }),
  };
}

const NONE: EntityLists = { areas: [], components: [], apps: [], functions: [] };

function renamedLists(lists: EntityLists, part: string, { origin, names, own, rows, before }: Renaming): EntityLists {
  const list = <K extends EntityKind>(kind: K): readonly EntityOf[K][] => {
    const told = listOf(lists, kind);
    const key = `${part} ${kind}`;
    const make = (entity: Entity, _at: number, old: Entity | undefined): Entity => {
      const now = withAliases(placedBy(renamedEntity(entity, origin, names), own), origin, names);
      return old && now !== entity && equalData(old, now) ? old : now;
    };
    const made = makeRows<Entity, Entity>(told, make, before?.get(key));
    rows.set(key, made);
    // What is made of an entity is of its kind.
    return isSameList(made.made, told) ? told : (made.made as readonly EntityOf[K][]);
  };
  return { areas: list('area'), components: list('component'), apps: list('app'), functions: list('function') };
}

/**
 * Adds the id of an app or component with `-` for `_` and the other way round to its other names: web UI and Foxglove guess
 * ids from names of nodes, each in its own spelling. Drops names that are, or were, those of another entity.
 */
function withAliases(entity: Entity, origin: Origin, names: IdNames): Entity {
  if (entity.kind !== 'app' && entity.kind !== 'component') return entity;
  const { kind, id, aliases: told = [] } = entity;
  const wanted = new Set([...told, id.replaceAll('_', '-'), id.replaceAll('-', '_')]);
  wanted.delete(id);
  // The full name of a node is unique on its own robot only.
  const aliases = [...wanted].filter((name) => name.startsWith('/') || names.isFreeFor(origin, kind, name));
  return isSameList(aliases, told) ? entity : { ...entity, aliases };
}

/** Ids of the areas and components that this gateway declares: their places in the tree are its own to say. */
interface OwnPlaces {
  readonly areas: ReadonlySet<string>;
  readonly components: ReadonlySet<string>;
}

function ownPlaces(contributions: readonly Contribution[]): OwnPlaces {
  const own = contributions.filter(({ origin = LOCAL }) => origin === LOCAL);
  return {
    areas: new Set(own.flatMap(({ areas }) => areas.map(({ id }) => id))),
    components: new Set(own.flatMap(({ components }) => components.map(({ id }) => id))),
  };
}

/** What a peer says of an area or a component without a place, if this gateway has that area or component, too. */
function placedBy(entity: Entity, own: OwnPlaces): Entity {
  if (entity.kind === 'area' && entity.parentAreaId !== undefined && own.areas.has(entity.id)) {
    const { parentAreaId: _, ...rest } = entity;
    return rest;
  }
  if (entity.kind !== 'component' || !own.components.has(entity.id)) return entity;
  if (entity.parentComponentId === undefined && entity.areaId === undefined) return entity;
  const { parentComponentId: _parent, areaId: _area, ...rest } = entity;
  return rest;
}

/** The entity with its names, and those of the entities that it names; itself where they are the ones that it tells. */
function renamedEntity(entity: Entity, origin: Origin, names: IdNames): Entity {
  const app = (id: string) => names.nameOf(origin, 'app', id);
  const component = (id: string) => names.nameOf(origin, 'component', id);
  switch (entity.kind) {
    case 'area':
      return entity;
    case 'component': {
      const own = ownName(entity, component(entity.id), origin);
      const parentComponentId = entity.parentComponentId && component(entity.parentComponentId);
      const dependsOn = entity.dependsOn && allNamed(entity.dependsOn, component);
      const isSame = parentComponentId === entity.parentComponentId && dependsOn === entity.dependsOn;
      if (isSame && own.id === entity.id) return entity;
      return { ...entity, ...own, ...(parentComponentId && { parentComponentId }), ...(dependsOn && { dependsOn }) };
    }
    case 'app': {
      const own = ownName(entity, app(entity.id), origin);
      const componentId = entity.componentId && component(entity.componentId);
      const dependsOn = entity.dependsOn && allNamed(entity.dependsOn, app);
      const isSame = componentId === entity.componentId && dependsOn === entity.dependsOn;
      if (isSame && own.id === entity.id) return entity;
      return { ...entity, ...own, ...(componentId && { componentId }), ...(dependsOn && { dependsOn }) };
    }
    case 'function': {
      const hosts = allNamed(entity.hosts, (id) => names.hostNameOf(origin, id));
      return hosts === entity.hosts ? entity : { ...entity, hosts };
    }
  }
}

/** People tell entities apart by their names. */
function ownName({ id, name }: Entity, alias: string, origin: Origin): Pick<Entity, 'id' | 'name'> {
  return alias === id ? { id, name } : { id: alias, name: name && `${origin}__${name}` };
}

function allNamed(ids: readonly string[], nameOf: (id: string) => string): readonly string[] {
  const named = ids.map(nameOf);
  return isSameList(named, ids) ? ids : named;
}
