import { type App, type Area, type Component, type Contribution, type EntityRef, nativeIdOf } from '@medkit/core';
import type { Declaration } from '@medkit/ingest';

/** Lower than the manifest and the graph, which take precedence for the same entity. */
const PRIORITY = 50;

export interface DeclaredIsland {
  /** Name of the runtime in the gateway. */
  readonly runtime: string;
  /** Absent until a declaration is received. */
  readonly declaration: Declaration | undefined;
  /** States arrive and the last one is not stale. */
  readonly online: boolean;
}

/** Returns the declared entities of a runtime: an area, components, and apps that contain the ports. */
export function declaredEntities({ runtime, declaration, online }: DeclaredIsland): Contribution {
  const lists = declaration ? entitiesOf(declaration, { runtime, online }) : { areas: [], components: [], apps: [] };
  return { runtime, priority: PRIORITY, ...lists, functions: [] };
}

function entitiesOf({ area, components, apps }: Declaration, { runtime, online }: Omit<DeclaredIsland, 'declaration'>) {
  const owned = (ref: EntityRef, name: string, description: string | undefined) => ({
    id: ref.id,
    name,
    source: runtime,
    ...(description !== undefined && { description }),
    address: { runtime, nativeId: nativeIdOf(ref) },
  });
  const areas: readonly Area[] = area
    ? [{ kind: 'area', ...owned({ kind: 'area', id: area.id }, area.name, area.description) }]
    : [];
  return {
    areas,
    components: components.map(
      ({ id, name, description }): Component => ({
        kind: 'component',
        ...owned({ kind: 'component', id }, name, description),
        ...(area && { areaId: area.id }),
        external: true,
      }),
    ),
    apps: apps.map(
      ({ id, name, description, component }): App => ({
        kind: 'app',
        ...owned({ kind: 'app', id }, name, description),
        ...(component !== undefined && { componentId: component }),
        online,
        external: true,
      }),
    ),
  };
}
