import { ALL_KINDS, type EntityKind, entityPath, KIND_TERMS } from '../routes/entity-kinds.ts';
import { type ConditionalResource, entityHref, RESOURCES } from '../routes/entity-uris.ts';
import { ALL_ROUTES } from '../routes/routes.ts';
import { TAGS } from '../routes/tags.ts';
import type { Capability } from '../schemas/entity.ts';
import { RootCapabilities } from '../schemas/root.ts';

const PATHS: ReadonlySet<string> = new Set(ALL_ROUTES.map(({ path }) => path));

/** Returns whether a route serves this resource for entities of this kind. */
export function isServed(kind: EntityKind, resource: string): boolean {
  return PATHS.has(`${entityPath(KIND_TERMS[kind])}/${resource}`);
}

const SERVED = new Map(ALL_KINDS.map((kind) => [kind, RESOURCES[kind].filter((name) => isServed(kind, name))]));

/**
 * Returns the resources that an entity's detail advertises: those that have a route, and those that plugins serve
 * (`vendor`).
 */
export function capabilitiesOf(
  kind: EntityKind,
  id: string,
  conditional: readonly ConditionalResource[] = [],
  vendor: readonly string[] = [],
): Capability[] {
  const standard = [...(SERVED.get(kind) ?? []), ...conditional.filter((name) => isServed(kind, name))];
  return [...new Set<string>([...standard, ...vendor])].map((name) => ({ name, href: entityHref(kind, id, name) }));
}

/** Capabilities of the gateway as a whole: each is true if routes with its tag exist. */
export function rootCapabilities(): RootCapabilities {
  const served = new Set<string>(ALL_ROUTES.flatMap(({ tag }) => TAGS[tag].capabilities));
  const names = Object.keys(RootCapabilities.properties) as (keyof RootCapabilities)[];
  return Object.fromEntries(names.map((name) => [name, served.has(name)])) as RootCapabilities;
}
