import type { Links } from '@medkit/contract';

/** Wraps items in the envelope of a collection. */
export function collection<Item>(items: Item[], _links?: Links) {
  return { items, ...(_links && { _links }), 'x-medkit': { total_count: items.length } };
}
