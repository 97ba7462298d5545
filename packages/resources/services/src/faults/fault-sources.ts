import {
  type App,
  type Component,
  type Entity,
  type EntityTree,
  type Fault,
  type FaultReport,
  isLocal,
  splitFqn,
} from '@medkit/core';

/** What an app reports faults as: its node, or its id where it is none. */
export function sourceOf({ fqn, id }: App): string {
  return fqn ?? id;
}

/** Who an app is in a report of its own: its source, and the runtime that knows it by that where one does. */
export function reporterAs(app: App): Pick<FaultReport, 'source' | 'runtime'> {
  const source = sourceOf(app);
  const known = (app.addresses ?? []).find(({ nativeId }) => nativeId === source);
  return { source, ...(known && { runtime: known.runtime }) };
}

/**
 * Everything that an entity and its members report as. A component reports under its own id where it is external, as a
 * PLC is, or has no apps; any other is only the place where they run.
 */
export function ownedSources(tree: EntityTree, entity: Entity): ReadonlySet<string> {
  const sources = new Set<string>();
  for (const member of [entity, ...tree.members(entity)]) {
    const source = memberSource(tree, member);
    if (source !== undefined) sources.add(source);
  }
  return sources;
}

/** True for a fault that only owners of these sources, or of what these continue, reported. */
export function isInScope({ sources }: Fault, owned: ReadonlySet<string>): boolean {
  return sources.length > 0 && sources.every((source) => ancestry(source).some((name) => owned.has(name)));
}

/**
 * Who reported a fault: of its first source that is known, the app or component that has it, or that has what it continues.
 * An app that is bound to no node is also taken for one that is named like it. Apps of other gateways are none of them: a node
 * of theirs may have the name of one here.
 */
export function reporterOf(tree: EntityTree, { sources }: Pick<Fault, 'sources'>): App | Component | undefined {
  const reporters = reportersOf(tree);
  for (const source of sources) {
    for (const name of ancestry(source)) {
      const known = reporters.get(name) ?? unbound(tree.resolve('app', splitFqn(name).name));
      if (known) return known;
    }
  }
  return undefined;
}

const reportersByTree = new WeakMap<EntityTree, ReadonlyMap<string, App | Component>>();

/** Made once for each tree: a stream asks with every event. */
function reportersOf(tree: EntityTree): ReadonlyMap<string, App | Component> {
  const known = reportersByTree.get(tree);
  if (known) return known;
  const reporters = new Map<string, App | Component>();
  for (const member of [...tree.all('component'), ...tree.all('app')]) {
    if (!isLocal(member)) continue;
    const source = memberSource(tree, member);
    if (source !== undefined) reporters.set(source, member);
  }
  reportersByTree.set(tree, reporters);
  return reporters;
}

function memberSource(tree: EntityTree, member: Entity): string | undefined {
  if (member.kind === 'app') return sourceOf(member);
  if (member.kind !== 'component') return undefined;
  return member.external || tree.appsOn(member.id).length === 0 ? member.id : undefined;
}

function unbound(app: App | undefined): App | undefined {
  return app && app.fqn === undefined && isLocal(app) ? app : undefined;
}

/** A source and what it continues, the longest first: `/a/b`, `/a`. */
function ancestry(source: string): readonly string[] {
  const names: string[] = [];
  for (let end = source.length; end > 0; end = source.lastIndexOf('/', end - 1)) names.push(source.slice(0, end));
  return names;
}
