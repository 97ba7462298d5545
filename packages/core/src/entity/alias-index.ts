import type { Entity } from './entity.ts';
import { isLocal } from './is-local.ts';

/**
 * Resolves names to entities: by id, then by alias, then with `_` and `-` treated as equal. The web UI and Foxglove
 * derive an app's id from its node's name, each with its own spelling.
 *
 * If two entities share an alias, the first one in `all` wins; entities of this gateway win over others. An app or
 * component of another gateway is found by its aliases only, after every spelling of a local name. `arrangeIds` has
 * already removed aliases that a local entity ever had. The full name of its node never resolves, because different
 * robots run nodes of the same name.
 */
export function aliasIndex<E extends Entity>(
  all: readonly E[],
  get: (id: string) => E | undefined,
): (name: string) => E | undefined {
  // Built on first use: while a robot starts, most trees are replaced before a client looks up an alias.
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
  /** Includes ids. */
  readonly folded: ReadonlyMap<string, E>;
  /** Aliases of apps and components of other gateways. Used last, so that they never hide a local name. */
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

/** Returns whether only other gateways report the entity. Areas and functions are shared by all gateways. */
function isForeign(entity: Entity): boolean {
  return !isLocal(entity) && (entity.kind === 'app' || entity.kind === 'component');
}

function fold(name: string): string {
  return name.replaceAll('-', '_');
}

function addIfFree<E>(index: Map<string, E>, name: string, entity: E): void {
  if (!index.has(name)) index.set(name, entity);
}
