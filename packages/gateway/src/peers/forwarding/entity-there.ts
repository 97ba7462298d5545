import { ENTITY_KINDS, type Model } from '@medkit/core';

/** Of an entity that a gateway has nothing of. */
export const NOT_THERE = Symbol('not there');

/** What an entity goes by at a gateway; an id that nothing has here, as it is. */
export function entityThere(
  { tree }: Pick<Model, 'tree'>,
  id: string | undefined,
  runtime: string,
): string | typeof NOT_THERE | undefined {
  if (!id) return undefined;
  const entities = ENTITY_KINDS.flatMap((kind) => tree.resolve(kind, id) ?? []);
  if (entities.length === 0) return id;
  const address = entities.flatMap(({ addresses = [] }) => addresses).find((each) => each.runtime === runtime);
  return address ? address.nativeId.slice(address.nativeId.indexOf('/') + 1) : NOT_THERE;
}
