import type { Entity } from './entity.ts';
import { isLocal } from './is-local.ts';

/**
 * Finds entities by id, then by alias, then with `_` and `-` taken as equal: web UI and Foxglove guess an app's id from its
 * node's name, each in its own spelling. Where one alias stands for two entities the first of `all` answers, those of this
 * gateway before others. An app or component of another gateway has no other names than its aliases, of which `arrangeIds`
 * leaves those that no entity here had. They come last, after all spellings of names here, and it is not found by the full name of its node: robots have nodes of the same names.
 */
export function aliasIndex<E extends Entity>(
  all: readonly E[],
  get: (id: string) => E | undefined,
): (name: string) => E | undefined {
  // Most trees of a robot that comes up are replaced before anybody asks them for another name than an id.
  let aliases: Aliases<E> | undefined;
  return (name) => {
    const named = get(name);
    if (named) return named;
    aliases ??= aliasesOf(all);
    return aliases.exact.get(name) ?? aliases.folded.get(fold(name)) ?? aliases.foreign.get(name);
  };
}

interface Aliases<E> {
  readonly exact: ReadonlyMap<string, E>;
  /** Of ids as well. */
  readonly folded: ReadonlyMap<string, E>;
  /** Of apps and components of other gateways: they take no spelling of a name that is one here. */
  readonly foreign: ReadonlyMap<string, E>;
}

function aliasesOf<E extends Entity>(all: readonly E[]): Aliases<E> {
  const exact = new Map<string, E>();
  const folded = new Map<string, E>();
  const foreign = new Map<string, E>();
  for (const entity of all) {
    if (isForeign(entity)) continue;
    for (const alias of entity.aliases ?? []) addIfFree(exact, alias, entity);
    addIfFree(folded, fold(entity.id), entity);
  }
  for (const [alias, entity] of exact) addIfFree(folded, fold(alias), entity);
  for (const entity of all) {
    if (!isForeign(entity)) continue;
    for (const alias of entity.aliases ?? []) if (!alias.startsWith('/')) addIfFree(foreign, alias, entity);
  }
  return { exact, folded, foreign };
}

/** Whether another gateway alone has the entity. Areas and functions are common to all gateways. */
function isForeign(entity: Entity): boolean {
  return !isLocal(entity) && (entity.kind === 'app' || entity.kind === 'component');
}

function fold(name: string): string {
  return name.replaceAll('-', '_');
}

function addIfFree<E>(index: Map<string, E>, name: string, entity: E): void {
  if (!index.has(name)) index.set(name, entity);
}
