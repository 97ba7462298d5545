import { SovdError } from '@medkit/contract';
import {
  type App,
  ENTITY_KINDS,
  type Entity,
  type EntityKind,
  type EntityTree,
  isLocal,
  LOCAL,
  LOCAL_RUNTIME,
  type LogAdded,
  type LogProvider,
  type LogReader,
  type LogScope,
  type Model,
  nameOfNativeId,
  nativeIdOf,
  type Origin,
  type ResourceAddress,
} from '@medkit/core';
import { appOfLogger } from '../log-sinks/log-sinks.ts';
import { entitiesAt, placesOf, storingRuntimes } from '../members/owners.ts';
import { notServed } from '../members/ownership.ts';

/** A provider to ask for a log, and the part of the log to ask for. */
export interface LogOwner {
  readonly entity: Pick<Entity, 'id'>;
  readonly runtime: string;
  /** The gateway that numbers the entries. */
  readonly origin: Origin;
  readonly nativeId: string;
  readonly provider: Pick<LogProvider, 'list' | 'oldestNs'>;
  readonly scope: LogScope;
}

/**
 * Returns the owners of an entity's log entries. Throws `not-implemented` for an entity of another gateway without a
 * log of it.
 * The entries of an app are in its own runtime. If that runtime stores no log, for example for a program that logs
 * under its id, they may be in any runtime of its gateway. A component has the entries of its apps, or its own if it
 * has none; an area has those of all components below it. Both also have the other loggers in their namespaces. All
 * kinds but apps include the gateway's notes about them. A `reader` replaces all runtimes of this gateway.
 */
export function logOwners(
  model: Model,
  entity: Entity,
  reader?: LogReader,
  tree: EntityTree = model.tree,
): readonly LogOwner[] {
  const members = [...new Set([entity, ...tree.members(entity)])];
  /** Loggers to request: by runtime, and by gateway for those that any runtime may have. */
  const served = new Map<string, string[]>();
  const unserved = new Map<Origin, string[]>();
  const put = (into: Map<string, string[]>, key: string, source: string): void => {
    if (!into.get(key)?.push(source)) into.set(key, [source]);
  };
  for (const member of members) {
    if (member.kind === 'area' || member.kind === 'function') continue;
    const isRead = reader !== undefined && isLocal(member);
    const place = isRead ? member.address : placesOf(model, member, 'logs')[0];
    const logger = loggerAt(place);
    // The graph name of a component with apps is a prefix of their names.
    if (member.kind === 'component' && model.tree.appsOn(member.id).length > 0 && logger === place?.nativeId) continue;
    if (place && logger !== undefined) put(served, isRead ? READER : place.runtime, logger);
    else put(unserved, originOf(member), member.id);
  }
  if (entity.kind !== 'app') put(served, reader ? READER : LOCAL_RUNTIME, noteName(entity));
  const namespaces = namespacesOf(tree, entity);
  const subject = { entity, nativeId: nameOf(entity) };
  const origins = new Set(members.map(originOf));
  const keepers = allLogs(model, reader).filter(({ origin }) => origins.has(origin));
  if (keepers.length === 0) throw notServed(entity, 'logs');
  return keepers.flatMap((keeper): LogOwner[] => {
    const sources = [...(served.get(keeper.runtime) ?? []), ...(unserved.get(keeper.origin) ?? [])];
    if (sources.length + namespaces.length === 0) return [];
    return [{ ...keeper, ...subject, scope: { sources, namespaces } }];
  });
}

/** Entities whose log a client may read. */
export interface VisibleLogs {
  /** All entities that the client sees. */
  readonly tree: EntityTree;
  readonly entities: readonly Entity[];
}

/**
 * Returns the owners of the log entries of these entities of this gateway, without other loggers in their namespaces:
 * those may be loggers of other entities.
 */
export function visibleLogs(model: Model, { tree, entities }: VisibleLogs, reader?: LogReader): readonly LogOwner[] {
  const owners = entities.filter(isLocal).flatMap((entity) => logOwners(model, entity, reader, tree));
  return [...Map.groupBy(owners, ({ runtime }) => runtime).values()].flatMap((same) => {
    const sources = [...new Set(same.flatMap(({ scope }) => scope.sources))];
    const [first] = same;
    if (!first || sources.length === 0) return [];
    return [{ ...first, entity: { id: 'rosout' }, nativeId: '/', scope: { sources, namespaces: [] } }];
  });
}

/** Name of a reader among the runtimes, for errors. */
const READER = 'logs';

/**
 * Returns where the gateway writes notes about an entity, and under which logger name. Throws `not-implemented` for an
 * entity of another gateway without a log of it.
 */
export function noteTarget(
  model: Model,
  entity: Entity,
): { readonly provider: LogProvider; readonly nativeId: string } {
  const { kind, id } = entity;
  const [place] = kind === 'app' ? placesOf(model, entity, 'logs') : [];
  if (place) return place;
  if (originOf(entity) !== LOCAL) throw notServed(entity, 'logs');
  const keeper = storingRuntimes(model, 'logs').find(({ runtime }) => runtime === LOCAL_RUNTIME);
  if (!keeper) throw noLogStore();
  return { provider: keeper.provider, nativeId: kind === 'app' ? id : noteName(entity) };
}

/** Returns every runtime that stores a log, for the whole log. Throws `service-unavailable` if there is none. */
export function allLogs(model: Model, reader?: LogReader): readonly LogOwner[] {
  const keepers = storingRuntimes(model, 'logs').map(({ runtime, provider, origin }) =>
    wholeLog(runtime, provider, origin),
  );
  if (reader) return [wholeLog(READER, reader), ...keepers.filter(({ origin }) => origin !== LOCAL)];
  if (keepers.length === 0) throw noLogStore();
  return keepers;
}

/** Returns an owner for the whole log of a provider. */
function wholeLog(runtime: string, provider: LogOwner['provider'], origin = LOCAL): LogOwner {
  const scope = { sources: [], namespaces: ['/'] };
  return { entity: { id: 'rosout' }, runtime, origin, nativeId: '/', provider, scope };
}

function originOf({ origin = LOCAL }: Entity): Origin {
  return origin;
}

function noLogStore(): SovdError {
  return new SovdError({ code: 'service-unavailable', message: 'This gateway has no log' });
}

/** Returns the apps whose entries make up the log of an entity. */
export function loggingApps(tree: EntityTree, entity: Entity): readonly App[] {
  return tree.members(entity).filter((member) => member.kind === 'app');
}

/** Returns the logger name of an app: the full name of its node, if the tree knows it. */
export function sourceOf({ node, address, id }: App): string {
  return node ?? loggerAt(address) ?? id;
}

/** Returns the entities that logged an entry of a local runtime, or the parent logger's app; empty if unknown. */
export function entitiesOfLog(tree: EntityTree, { runtime, entry: { logger } }: LogAdded): readonly Entity[] {
  const noted = entityOfNotes(tree, logger);
  if (noted) return [noted];
  const named = LOGGING.flatMap((kind) => entitiesAt(tree, runtime, nativeIdOf({ kind, id: logger })));
  if (named.length > 0) return named;
  const app = appOfLogger({ tree }, logger);
  return app ? [app] : [];
}

/** Kinds of entities that log under their ids if they have no other name. */
const LOGGING = ['component', 'app'] as const;

/** Returns the logger name of an entity in its runtime. */
function loggerAt(address: Pick<ResourceAddress, 'nativeId'> | undefined): string | undefined {
  return address && nameOfNativeId(address.nativeId);
}

/** Returns the native id for log requests. It is unique per entity, so that a slow area does not block its apps. */
function nameOf({ address, kind, id }: Entity): string {
  return address?.nativeId ?? `${kind}/${id}`;
}

/** Returns the logger name of the gateway's notes about an entity that only groups others and so has no logger. */
function noteName({ kind, id }: Entity): string {
  return `medkit.${kind}.${id}`;
}

/** Returns the entity of a note's logger name, or `undefined` for any other logger. */
function entityOfNotes(tree: EntityTree, logger: string): Entity | undefined {
  const [house, kind, id = ''] = logger.split('.', 3);
  return house === 'medkit' && ENTITY_KINDS.some((known) => known === kind)
    ? tree.get(kind as EntityKind, id)
    : undefined;
}

/** Leaves out the root namespace: it contains everything, not just what is below the entity. */
function namespacesOf(tree: EntityTree, entity: Entity): readonly string[] {
  if (entity.kind === 'app' || entity.kind === 'function') return [];
  const grouping = entity.kind === 'area' ? areasFrom(tree, entity.id) : [entity];
  return grouping.flatMap(({ namespace = '/' }) => (namespace === '' || namespace === '/' ? [] : [namespace]));
}

/** Returns an area and all areas below it, each once, even if they form a cycle. */
function areasFrom(tree: EntityTree, id: string) {
  const found = new Set([id]);
  for (const areaId of found) for (const below of tree.subareas(areaId)) found.add(below.id);
  return [...found].flatMap((areaId) => tree.get('area', areaId) ?? []);
}
