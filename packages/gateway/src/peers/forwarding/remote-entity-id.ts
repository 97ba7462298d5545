import { ENTITY_KINDS, type Model } from '@medkit/core';

/** For an entity that a gateway does not have. */
export const NOT_ON_PEER = Symbol('not there');

/** Returns the id of an entity on a peer; an unknown id unchanged. */
export function remoteEntityId(
  { tree }: Pick<Model, 'tree'>,
  id: string | undefined,
  runtime: string,
): string | typeof NOT_ON_PEER | undefined {
  if (!id) return undefined;
  const entities = ENTITY_KINDS.flatMap((kind) => tree.resolve(kind, id) ?? []);
  if (entities.length === 0) return id;
  const address = entities.flatMap(({ addresses = [] }) => addresses).find((each) => each.runtime === runtime);
  return address ? address.nativeId.slice(address.nativeId.indexOf('/') + 1) : NOT_ON_PEER;
}
