import type { EntityKind } from '@medkit/contract';
import { KIND_OF_COLLECTION } from '../routes/pages.ts';

/** A number of a data item, as `watch` of the live stream names it: `apps/x/data/y:/pointer`. */
export interface SeriesKey {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly item: string;
  /** JSON Pointer (RFC 6901) to the number; `''` for the whole value, `undefined` for what its type is about. */
  readonly pointer: string | undefined;
}

const KEY = /^(\w+)\/([^/:,]+)\/data\/([^/:,]+)(?::(|\/[^,]*))?$/;

/** Reads a key; `undefined` for what is none: anybody may type an address. */
export function readSeriesKey(text: string): SeriesKey | undefined {
  const [, collection, entity, item, pointer] = KEY.exec(text) ?? [];
  if (collection === undefined || entity === undefined || item === undefined) return undefined;
  if (!Object.hasOwn(KIND_OF_COLLECTION, collection)) return undefined;
  try {
    return {
      kind: KIND_OF_COLLECTION[collection]!,
      entity: decodeURIComponent(entity),
      item: decodeURIComponent(item),
      pointer: pointer === undefined ? undefined : decodeURIComponent(pointer),
    };
  } catch {
    return undefined;
  }
}

/** The text of a key, percent-encoded as in an address. */
export function formatSeriesKey({ kind, entity, item, pointer }: SeriesKey): string {
  const collection = Object.keys(KIND_OF_COLLECTION).find((name) => KIND_OF_COLLECTION[name] === kind);
  const field = pointer === undefined ? '' : `:${pointer.split('/').map(encodeURIComponent).join('/')}`;
  return `${collection}/${encodeURIComponent(entity)}/data/${encodeURIComponent(item)}${field}`;
}

/** `controller_server cmd_vel /linear/x`; the entity is left out where the item begins with its name. */
export function seriesLabel({ entity, item, pointer = '' }: SeriesKey): string {
  const name = item.replace(/^\//, '');
  const place = name.split('/').includes(entity) ? name : `${entity} ${name}`;
  return pointer === '' || pointer === '/data' ? place : `${place} ${pointer}`;
}
