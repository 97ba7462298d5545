import { API_BASE, type EntityKind, KIND_TERMS } from '@medkit/contract';

/** Returns the absolute path of the collection of a kind. */
export function collectionHref(kind: EntityKind): string {
  return `${API_BASE}/${KIND_TERMS[kind].collection}`;
}
