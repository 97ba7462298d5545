import type { App, Component, EntityLists } from '@medkit/core';
import type { ProcessRef } from '../proc/proc-folder.ts';
import type { Introspection } from './introspection.ts';

/** Available resources of entities of one kind, by id; entities without any are omitted. */
export type Capabilities = ReadonlyMap<string, readonly string[]>;

/** Determines for every app which of the resources its process has. */
export async function appCapabilities(
  apps: readonly App[],
  introspections: readonly Introspection[],
  processOf: (app: App) => Promise<ProcessRef | undefined>,
): Promise<Capabilities> {
  const ofProcesses = new Map<number, readonly string[]>();
  const capabilities = new Map<string, readonly string[]>();
  for (const app of apps) {
    const process = await processOf(app);
    if (!process) continue;
    const known = ofProcesses.get(process.id) ?? (await resourcesOf(process, introspections));
    ofProcesses.set(process.id, known);
    if (known.length > 0) capabilities.set(app.id, known);
  }
  return capabilities;
}

async function resourcesOf(process: ProcessRef, introspections: readonly Introspection[]): Promise<readonly string[]> {
  const had = await Promise.all(introspections.map(({ has }) => has(process)));
  return introspections.filter((_, index) => had[index]).map(({ resource }) => resource);
}

/** Returns the resources of components by id: those that any of their apps has. */
export function componentCapabilities(apps: readonly App[], ofApps: Capabilities): Capabilities {
  const ofComponents = new Map<string, Set<string>>();
  for (const { id, componentId } of apps) {
    const capabilities = ofApps.get(id);
    if (!capabilities || componentId === undefined) continue;
    const known = ofComponents.get(componentId);
    if (known) for (const name of capabilities) known.add(name);
    else ofComponents.set(componentId, new Set(capabilities));
  }
  return new Map([...ofComponents].map(([id, names]) => [id, [...names]]));
}

/** Adds the capabilities to the entity. */
export function withCapabilities<E extends App | Component>(entity: E, known: Capabilities): E {
  const capabilities = known.get(entity.id);
  return capabilities ? { ...entity, capabilities } : entity;
}

/** Returns capabilities as additions to entities of other runtimes. */
export function capabilityAdditions(ofApps: Capabilities, ofComponents: Capabilities): Partial<EntityLists> {
  return {
    apps: [...ofApps].map(([id, capabilities]) => ({ kind: 'app', ...NOTHING_ELSE, id, online: false, capabilities })),
    components: [...ofComponents].map(([id, capabilities]) => ({
      kind: 'component',
      ...NOTHING_ELSE,
      id,
      capabilities,
    })),
  };
}

/** Empty texts: other runtimes name these entities. */
const NOTHING_ELSE = { name: '', source: '' } as const;
