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
import { entitiesAt, keepersOf, placesOf } from '../members/owners.ts';
import { notServed } from '../members/ownership.ts';

/** Whom to ask for a log, and for which part of it. */
export interface LogOwner {
  readonly entity: Pick<Entity, 'id'>;
  readonly runtime: string;
  /** The gateway that numbers its entries. */
  readonly origin: Origin;
  readonly nativeId: string;
  readonly provider: Pick<LogProvider, 'list' | 'oldestNs'>;
  readonly scope: LogScope;
}

/**
 * Who has log entries of an entity. Those of an app are in its own runtime; one whose runtime keeps no log, as a program
 * that is no node and logs under its id, may be in any of its gateway. A component has those of its apps, or its own where it
 * has none, and an area those of all components below it; both have whatever else logs in their namespaces. All but apps have
 * what this gateway noted about them, too. A `reader` is asked in the place of all runtimes of this gateway, for what is in any
 * of them. Throws `not-implemented` for an entity of another gateway that keeps no log of it.
 */
export function logOwners(model: Model, entity: Entity, reader?: LogReader): readonly LogOwner[] {
  const { tree } = model;
  const members = [...new Set([entity, ...tree.members(entity)])];
  /** What is asked for: of runtimes by their names, and of any runtime of a gateway by its origin. */
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
    // What a component with apps is called in a graph is a part of their names.
    if (member.kind === 'component' && tree.appsOn(member.id).length > 0 && logger === place?.nativeId) continue;
    if (place && logger !== undefined) put(served, isRead ? READER : place.runtime, logger);
    else put(unserved, originOf(member), member.id);
  }
  if (entity.kind !== 'app') put(served, reader ? READER : LOCAL_RUNTIME, noteName(entity));
  const namespaces = namespacesOf(tree, entity);
  const asked = { entity, nativeId: nameOf(entity) };
  const origins = new Set(members.map(originOf));
  const keepers = allLogs(model, reader).filter(({ origin }) => origins.has(origin));
  if (keepers.length === 0) throw notServed(entity, 'logs');
  return keepers.flatMap((keeper): LogOwner[] => {
    const sources = [...(served.get(keeper.runtime) ?? []), ...(unserved.get(keeper.origin) ?? [])];
    if (sources.length + namespaces.length === 0) return [];
    return [{ ...keeper, ...asked, scope: { sources, namespaces } }];
  });
}

/** What a reader is called among the runtimes, for errors. */
const READER = 'logs';

/**
 * Where the gateway writes what it has to say about an entity, and under which name. Throws `not-implemented` for one of
 * another gateway that keeps no log of it.
 */
export function noteLog(model: Model, entity: Entity): { readonly provider: LogProvider; readonly nativeId: string } {
  const { kind, id } = entity;
  const [own] = kind === 'app' ? placesOf(model, entity, 'logs') : [];
  if (own) return own;
  if (originOf(entity) !== LOCAL) throw notServed(entity, 'logs');
  const keeper = keepersOf(model, 'logs').find(({ runtime }) => runtime === LOCAL_RUNTIME);
  if (!keeper) throw nobodyKeeps();
  return { provider: keeper.provider, nativeId: kind === 'app' ? id : noteName(entity) };
}

/** Everybody who keeps a log, for all of it. Throws `service-unavailable` where nobody does. */
export function allLogs(model: Model, reader?: LogReader): readonly LogOwner[] {
  const keepers = keepersOf(model, 'logs').map(({ runtime, provider, origin }) => wholeLog(runtime, provider, origin));
  if (reader) return [wholeLog(READER, reader), ...keepers.filter(({ origin }) => origin !== LOCAL)];
  if (keepers.length === 0) throw nobodyKeeps();
  return keepers;
}

/** All of a log. */
function wholeLog(runtime: string, provider: LogOwner['provider'], origin = LOCAL): LogOwner {
  const scope = { sources: [], namespaces: ['/'] };
  return { entity: { id: 'rosout' }, runtime, origin, nativeId: '/', provider, scope };
}

function originOf({ origin = LOCAL }: Entity): Origin {
  return origin;
}

function nobodyKeeps(): SovdError {
  return new SovdError({ code: 'service-unavailable', message: 'Nothing here keeps a log' });
}

/** Apps whose entries make up the log of an entity. */
export function loggingApps(tree: EntityTree, entity: Entity): readonly App[] {
  return tree.members(entity).filter((member) => member.kind === 'app');
}

/** What an app logs under, as far as the tree knows: the full name of its node. */
export function sourceOf({ node, address, id }: App): string {
  return node ?? loggerAt(address) ?? id;
}

/** Who has logged an entry of a runtime of this gateway, or is above whoever did; nobody where that is not known. */
export function entitiesOfLog(tree: EntityTree, { runtime, entry: { logger } }: LogAdded): readonly Entity[] {
  const noted = entityOfNotes(tree, logger);
  if (noted) return [noted];
  const named = LOGGING.flatMap((kind) => entitiesAt(tree, runtime, nativeIdOf({ kind, id: logger })));
  if (named.length > 0) return named;
  const app = appOfLogger({ tree }, logger);
  return app ? [app] : [];
}

/** Kinds of entities that log under their ids where they have no other name. */
const LOGGING = ['component', 'app'] as const;

/** What its runtime calls an entity in its log. */
function loggerAt(address: Pick<ResourceAddress, 'nativeId'> | undefined): string | undefined {
  return address && nameOfNativeId(address.nativeId);
}

/** The name under which its log is asked for: one for each entity, so that a slow area holds up no app. */
function nameOf({ address, kind, id }: Entity): string {
  return address?.nativeId ?? `${kind}/${id}`;
}

/** An entity that only groups others has no logger: the gateway writes about it under a name of its own. */
function noteName({ kind, id }: Entity): string {
  return `medkit.${kind}.${id}`;
}

/** The entity that the gateway writes about under this name; `undefined` where that is the name of somebody else. */
function entityOfNotes(tree: EntityTree, logger: string): Entity | undefined {
  const [house, kind, id = ''] = logger.split('.', 3);
  return house === 'medkit' && ENTITY_KINDS.some((known) => known === kind)
    ? tree.get(kind as EntityKind, id)
    : undefined;
}

/** The root namespace is left out: it is everything, not something below the entity. */
function namespacesOf(tree: EntityTree, entity: Entity): readonly string[] {
  if (entity.kind === 'app' || entity.kind === 'function') return [];
  const grouping = entity.kind === 'area' ? areasFrom(tree, entity.id) : [entity];
  return grouping.flatMap(({ namespace = '/' }) => (namespace === '' || namespace === '/' ? [] : [namespace]));
}

/** An area and all below it, each once, also where they form a circle. */
function areasFrom(tree: EntityTree, id: string) {
  const found = new Set([id]);
  for (const areaId of found) for (const below of tree.subareas(areaId)) found.add(below.id);
  return [...found].flatMap((areaId) => tree.get('area', areaId) ?? []);
}
