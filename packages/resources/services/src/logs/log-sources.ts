import { SovdError } from '@medkit/contract';
import {
  type App,
  ENTITY_KINDS,
  type Entity,
  type EntityKind,
  type EntityTree,
  type LogProvider,
  type LogReader,
  type LogScope,
  type Model,
  nameOfNativeId,
  type ResourceAddress,
} from '@medkit/core';

/** Whom to ask for a log, and for which part of it. */
export interface LogOwner {
  readonly entity: Pick<Entity, 'id'>;
  readonly runtime: string;
  readonly nativeId: string;
  readonly provider: Pick<LogProvider, 'list' | 'oldestNs'>;
  readonly scope: LogScope;
}

/**
 * Who has log entries of an entity. Those of an app are in its own runtime; one whose runtime keeps no log, as a program
 * outside of ROS that logs under its id, may be in any. A component has those of its apps, or its own where it has
 * none, and an area those of all components below it; both have whatever else logs in their namespaces. All but apps have
 * what the gateway noted about them, too. A `reader` is asked in the place of all runtimes, for what is in any of them.
 */
export function logOwners(model: Model, entity: Entity, reader?: LogReader): readonly LogOwner[] {
  const { tree } = model;
  const served = new Map<string, string[]>();
  const unserved: string[] = [];
  for (const member of new Set([entity, ...tree.members(entity)])) {
    if (member.kind === 'area' || member.kind === 'function') continue;
    if (member.kind === 'component' && tree.appsOn(member.id).length > 0) continue;
    const { runtime } = member.address ?? {};
    const isKept = runtime !== undefined && (reader ?? model.provider(runtime)?.logs) !== undefined;
    const logger = loggerAt(member.address);
    if (!isKept || logger === undefined) unserved.push(member.id);
    else if (!served.get(runtime)?.push(logger)) served.set(runtime, [logger]);
  }
  const namespaces = namespacesOf(tree, entity);
  const logs = reader ? [wholeLog(READER, reader)] : allLogs(model);
  return logs.flatMap((keeper, at): LogOwner[] => {
    const notes = at === 0 && entity.kind !== 'app' ? [noteName(entity)] : [];
    const own = reader ? [...served.values()].flat() : (served.get(keeper.runtime) ?? []);
    const sources = [...own, ...unserved, ...notes];
    if (sources.length + namespaces.length === 0) return [];
    return [{ ...keeper, entity, nativeId: nameOf(entity), scope: { sources, namespaces } }];
  });
}

/** What a reader is called among the runtimes, for errors. */
export const READER = 'logs';

/** Where the gateway writes what it has to say about an entity, and under which name. */
export function noteKeeper(
  model: Model,
  entity: Entity,
): { readonly provider: LogProvider; readonly nativeId: string } {
  const { address, kind, id } = entity;
  const own = kind === 'app' && address ? model.provider(address.runtime)?.logs : undefined;
  if (own && address) return { provider: own, nativeId: address.nativeId };
  const [{ provider }] = keepers(model);
  return { provider, nativeId: kind === 'app' ? id : noteName(entity) };
}

/** Everybody who keeps a log, for all of it. Throws `service-unavailable` where nobody does. */
export function allLogs(model: Model): readonly LogOwner[] {
  return keepers(model).map(({ runtime, provider }) => wholeLog(runtime, provider));
}

/** All of a log. */
export function wholeLog(runtime: string, provider: LogReader): LogOwner {
  return { entity: { id: 'rosout' }, runtime, nativeId: '/', provider, scope: { sources: [], namespaces: ['/'] } };
}

type Keeper = { readonly runtime: string; readonly provider: LogProvider };

function keepers(model: Model): readonly [Keeper, ...Keeper[]] {
  const [first, ...rest] = model.runtimes.flatMap((runtime): Keeper[] => {
    const provider = model.provider(runtime)?.logs;
    return provider ? [{ runtime, provider }] : [];
  });
  if (!first) throw new SovdError({ code: 'service-unavailable', message: 'Nothing here keeps a log' });
  return [first, ...rest];
}

/** Apps whose entries make up the log of an entity. */
export function loggingApps(tree: EntityTree, entity: Entity): readonly App[] {
  return tree.members(entity).filter((member) => member.kind === 'app');
}

/** What an app logs under, as far as the tree knows: the full name of its node. */
export function sourceOf({ fqn, address, id }: App): string {
  return fqn ?? loggerAt(address) ?? id;
}

/** What its runtime calls an entity in its log. */
function loggerAt(address: ResourceAddress | undefined): string | undefined {
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
export function entityOfNotes(tree: EntityTree, logger: string): Entity | undefined {
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
