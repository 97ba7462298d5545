import type { EntityRef } from '@medkit/client';
import { useCallback, useMemo } from 'react';
import { useRoute } from '../gateway/gateway.ts';

export type EntityNameOf = (entity: EntityRef) => string;

/** Returns a function with the names of entities; an entity that is not in the tree is named by its id. */
export function useEntityNames(): EntityNameOf {
  const items = useRoute('getTree', {}).data?.items;
  const names = useMemo(() => new Map(items?.map(({ type, id, name }) => [`${type}/${id}`, name])), [items]);
  return useCallback(({ kind, id }) => names.get(`${kind}/${id}`) ?? id, [names]);
}
