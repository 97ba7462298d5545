import {
  type App,
  type Area,
  type Component,
  type Entity,
  type EntityTree,
  type Fault,
  type FaultReport,
  isLocal,
  LOCAL,
  memoizeByObject,
  nameOfNativeId,
  type Origin,
} from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';

/** An entity that reports faults. */
type Reporter = App | Component;
/** The reporters of a fault, as stored with it. */
type Reported = Pick<Fault, 'sources' | 'reporters'>;

/** Returns the source name of an app: its node name, or its id if it has no node. */
export function sourceOf({ node, id }: App): string {
  return node ?? id;
}

/**
 * Returns how an app identifies itself in a report: its source name, and the runtime that knows the app by this name,
 * if any.
 */
export function reporterAs(app: App): Pick<FaultReport, 'source' | 'runtime'> {
  const source = sourceOf(app);
  const known = addressesOf(app).find(({ nativeId }) => nameOfNativeId(nativeId) === source);
  return { source, ...(known && { runtime: known.runtime }) };
}

/**
 * Returns the source names of an entity and its members. A component reports under its own id if it is external, such
 * as a PLC, or has no apps; any other component only hosts its apps.
 */
export function ownedSources(tree: EntityTree, entity: Entity): ReadonlySet<string> {
  return sourcesOfMembers(tree, [entity, ...tree.members(entity)]);
}

/** Returns the source names of an entity and its members that belong to this gateway. */
export function localSources(tree: EntityTree, entity: Entity): ReadonlySet<string> {
  return sourcesOfMembers(tree, [entity, ...tree.members(entity)].filter(isLocal));
}

/** Returns the source names of all apps and components of this gateway. */
export function allLocalSources(tree: EntityTree): ReadonlySet<string> {
  return sourcesOfMembers(tree, [...tree.all('component'), ...tree.all('app')].filter(isLocal));
}

/** The faults of an entity at one gateway. */
export interface FaultScope {
  /**
   * Returns true if only the entity, its members or sub-names of theirs reported the fault, or if its holder is one of
   * them.
   */
  has(fault: Reported): boolean;
  /** Returns true also if others reported the fault as well: each reporter can read its record. */
  concerns(fault: Reported): boolean;
}

/** Returns the scope of an entity among the faults stored at the gateway `origin`. */
export function faultScope(tree: EntityTree, entity: Entity, origin: Origin = LOCAL): FaultScope {
  const all = reportersAt(tree, origin);
  const members = new Set([entity, ...tree.members(entity)]);
  const memberReporters = reportersAmong(tree, members, origin);
  const hasOne = ({ source, runtime }: ReporterName): boolean => {
    const reporter = atAddress(all, source, runtime);
    return reporter
      ? members.has(reporter)
      : ancestry(source).some((name) => named(memberReporters, name, runtime) !== undefined);
  };
  const isHeld = (fault: Reported): boolean => {
    const holder = holderOf(tree, fault, origin);
    return holder !== undefined && members.has(holder);
  };
  return {
    has: (fault) => (fault.sources.length > 0 && namesOf(fault).every(hasOne)) || isHeld(fault),
    concerns: (fault) => namesOf(fault).some(hasOne) || isHeld(fault),
  };
}

/**
 * Returns the entity whose path serves a fault stored at the gateway `origin`: its reporter, or the component that has
 * all reporters. If a source is no entity of the tree, for example a node that has exited, or the reporters share no
 * component, the host component holds the fault. The record then outlives its reporter. Returns `undefined` if the
 * gateway has neither a component nor an area.
 */
export function holderOf(tree: EntityTree, fault: Reported, origin: Origin = LOCAL): Holder | undefined {
  const reporters = new Set(namesOf(fault).map((name) => reporterNamed(tree, name, origin)));
  const [first] = reporters;
  if (first && reporters.size === 1) return first;
  const components = new Set([...reporters].map((reporter) => reporter && componentIdOf(reporter)));
  const [shared] = components;
  const component = shared !== undefined && components.size === 1 ? tree.get('component', shared) : undefined;
  return component && isAt(component, origin) ? component : faultHost(tree, origin);
}

/** An entity that can hold a fault. */
type Holder = Reporter | Area;

function componentIdOf(reporter: Reporter): string | undefined {
  return reporter.kind === 'app' ? reporter.componentId : reporter.id;
}

const hostsByTree = memoizeByObject((_: EntityTree) => new Map<Origin, Holder | undefined>());

/**
 * Returns the component that hosts most apps of a gateway, preferably one in the graph over an external one; without
 * components, an area.
 */
export function faultHost(tree: EntityTree, origin: Origin = LOCAL): Holder | undefined {
  const hosts = hostsByTree(tree);
  if (hosts.has(origin)) return hosts.get(origin);
  const rank = (component: Component): readonly number[] => [
    component.external ? 0 : 1,
    component.parentComponentId === undefined ? 1 : 0,
    tree.members(component).length,
  ];
  const [first] = [...tree.all('component')]
    .filter((component) => isAt(component, origin))
    .map((component) => ({ component, rank: rank(component) }))
    .sort((a, b) => compareRanks(b.rank, a.rank));
  const host = first?.component ?? [...tree.all('area')].find((area) => isAt(area, origin));
  hosts.set(origin, host);
  return host;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Returns the sources of a fault that do not run now: nodes that exited, and names of no entity. */
export function absentSources(tree: EntityTree, fault: Reported, origin: Origin = LOCAL): readonly string[] {
  const isAbsent = (name: ReporterName): boolean => {
    const reporter = reporterNamed(tree, name, origin);
    return !reporter || (reporter.kind === 'app' && reporter.node !== undefined && !reporter.online);
  };
  return [...new Set(namesOf(fault).flatMap((name) => (isAbsent(name) ? [name.source] : [])))];
}

/** Returns the sources whose latest report of a fault is FAILED, unless the fault was cleared since. */
export function failingSources({ status, sourceResults = [], conditions = [] }: Fault): {
  failing_sources?: string[];
  more_failing_sources?: true;
} {
  if (status === 'CLEARED') return {};
  const failing = [...sourceResults, ...conditions].filter((each) => each.failing);
  const names = new Set(failing.flatMap(({ source }) => source ?? []));
  // The entry without a name stands for all sources beyond the bound.
  const hasMore = names.delete('');
  return {
    ...(names.size > 0 && { failing_sources: [...names].sort() }),
    ...(hasMore && { more_failing_sources: true }),
  };
}

/** Returns the entities that a fault concerns: its known reporters and its holder. */
export function entitiesOfFault(tree: EntityTree, fault: Reported, origin: Origin = LOCAL): ReadonlySet<Entity> {
  const holder = holderOf(tree, fault, origin);
  return new Set([...reportersOf(tree, fault, origin), ...(holder ? [holder] : [])]);
}

/** Returns the known reporters of a fault stored at the gateway `origin`. */
export function reportersOf(tree: EntityTree, fault: Reported, origin: Origin = LOCAL): ReadonlySet<Reporter> {
  return new Set(namesOf(fault).flatMap((name) => reporterNamed(tree, name, origin) ?? []));
}

/**
 * Returns the app or component at the gateway `origin` that has the address or the name of a source, or a prefix of the
 * name. An app without a node also matches by the last part of the name. Entities of other gateways are excluded: a
 * node there may have the same name.
 */
export function reporterNamed(
  tree: EntityTree,
  { source, runtime }: ReporterName,
  origin: Origin = LOCAL,
): Reporter | undefined {
  const all = reportersAt(tree, origin);
  const reporter = atAddress(all, source, runtime);
  if (reporter) return reporter;
  for (const name of ancestry(source)) {
    const known = named(all, name, runtime) ?? unbound(tree.resolve('app', splitNodeName(name).name), origin);
    if (known) return known;
  }
  return undefined;
}

/** A source, and the runtime that knows it by this name, if known. */
export interface ReporterName {
  readonly source: string;
  readonly runtime: string | undefined;
}

/** Returns every source of a fault, once for each runtime that knows it. */
export function namesOf({ sources, reporters = [] }: Reported): readonly ReporterName[] {
  return sources.flatMap((source): readonly ReporterName[] => {
    const known = reporters.filter((reporter) => reporter.source === source);
    return known.length > 0 ? known : [{ source, runtime: undefined }];
  });
}

/** Index of reporters by all their names. */
interface Reporters {
  readonly byAddress: ReadonlyMap<string, Reporter>;
  /** Nodes with the same name belong to different runtimes. */
  readonly byName: ReadonlyMap<string, readonly Reporter[]>;
}

const reportersByTree = memoizeByObject((_: EntityTree) => new Map<Origin, Reporters>());

/** Returns the index of a gateway, built once per tree because event streams look up every event. */
function reportersAt(tree: EntityTree, origin: Origin): Reporters {
  const known = reportersByTree(tree);
  const made = known.get(origin) ?? reportersAmong(tree, [...tree.all('component'), ...tree.all('app')], origin);
  known.set(origin, made);
  return made;
}

function reportersAmong(tree: EntityTree, members: Iterable<Entity>, origin: Origin): Reporters {
  const byAddress = new Map<string, Reporter>();
  const byName = new Map<string, Reporter[]>();
  for (const member of members) {
    if (!isReporter(member) || !isAt(member, origin)) continue;
    for (const { runtime, nativeId } of addressesOf(member))
      byAddress.set(addressKey(runtime, nameOfNativeId(nativeId)), member);
    const source = sourceOfMember(tree, member);
    if (source === undefined) continue;
    const others = byName.get(source);
    if (others) others.push(member);
    else byName.set(source, [member]);
  }
  return { byAddress, byName };
}

function atAddress({ byAddress }: Reporters, source: string, runtime: string | undefined): Reporter | undefined {
  return runtime === undefined ? undefined : byAddress.get(addressKey(runtime, source));
}

/** Returns the reporter with a name: apps take precedence over components. Excludes nodes of another runtime. */
function named({ byName }: Reporters, name: string, runtime: string | undefined): Reporter | undefined {
  return byName.get(name)?.findLast((member) => runtime === undefined || !isNodeOfOther(member, runtime));
}

function isNodeOfOther(member: Reporter, runtime: string): boolean {
  if (member.kind !== 'app' || member.node === undefined) return false;
  const addresses = addressesOf(member);
  return addresses.some(({ nativeId }) => nativeId === member.node) && addresses.every((at) => at.runtime !== runtime);
}

function sourcesOfMembers(tree: EntityTree, members: readonly Entity[]): ReadonlySet<string> {
  return new Set(members.flatMap((member) => sourceOfMember(tree, member) ?? []));
}

function sourceOfMember(tree: EntityTree, member: Entity): string | undefined {
  if (member.kind === 'app') return sourceOf(member);
  if (member.kind !== 'component') return undefined;
  return member.external || tree.appsOn(member.id).length === 0 ? member.id : undefined;
}

function unbound(app: App | undefined, origin: Origin): App | undefined {
  return app && app.node === undefined && isAt(app, origin) ? app : undefined;
}

function isReporter(member: Entity): member is Reporter {
  return member.kind === 'app' || member.kind === 'component';
}

function isAt({ origin = LOCAL }: Entity, wanted: Origin): boolean {
  return origin === wanted;
}

/** Before the merge, an entity has only the address in its runtime. */
function addressesOf({ address, addresses }: Entity): NonNullable<Entity['addresses']> {
  return addresses ?? (address ? [address] : []);
}

function addressKey(runtime: string, name: string): string {
  return `${runtime}\0${name}`;
}

/** Returns a source name and its prefixes, longest first: `/a/b`, `/a`. */
function ancestry(source: string): readonly string[] {
  const names: string[] = [];
  for (let end = source.length; end > 0; end = source.lastIndexOf('/', end - 1)) names.push(source.slice(0, end));
  return names;
}
