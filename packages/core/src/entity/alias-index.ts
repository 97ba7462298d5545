import type { Entity } from './entity.ts';

/**
 * Finds entities by id, then by alias, then with `_` and `-` taken as equal: web UI and Foxglove guess an app's id from its
 * node's name, each in its own spelling. Where one alias stands for two entities the first in the order given answers.
 */
export function aliasIndex<E extends Entity>(entities: readonly E[]): (name: string) => E | undefined {
  const byId = new Map<string, E>();
  const byAlias = new Map<string, E>();
  const byFolded = new Map<string, E>();
  for (const entity of entities) {
    byId.set(entity.id, entity);
    for (const alias of entity.aliases ?? []) addIfFree(byAlias, alias, entity);
  }
  for (const entity of entities) addIfFree(byFolded, fold(entity.id), entity);
  for (const [alias, entity] of byAlias) addIfFree(byFolded, fold(alias), entity);
  return (name) => byId.get(name) ?? byAlias.get(name) ?? byFolded.get(fold(name));
}

function fold(name: string): string {
  return name.replaceAll('-', '_');
}

function addIfFree<E>(index: Map<string, E>, name: string, entity: E): void {
  if (!index.has(name)) index.set(name, entity);
}
