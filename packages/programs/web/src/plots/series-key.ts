import type { EntityKind } from '@medkit/contract';
import { shortened } from '@medkit/contract/bounds';
import { namesOf } from '../forms/json-pointer.ts';
import { KIND_OF_COLLECTION } from '../routes/pages.ts';
import type { plotTexts } from './texts.ts';

/** A number of a data item, as named by `watch` of the live stream: `apps/x/data/y:/pointer`. */
export interface SeriesKey {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly item: string;
  /** JSON Pointer (RFC 6901) to the number; `''` for the whole value, `undefined` for the main field of its type. */
  readonly pointer: string | undefined;
}

/** Reason why a text is not a key; `plotTexts.keyProblems` has the messages. */
export type SeriesKeyProblem = keyof typeof plotTexts.keyProblems;

const KEY = /^(\w+)\/([^/:,]+)\/data\/([^/:,]+)(?::(|\/[^,]*))?$/;
const ENTITY_ID = /^[A-Za-z0-9_-]{1,256}$/;
/** Maximum bytes of a key: twelve series have to fit into a URL of 8,192 bytes. */
export const MAX_KEY_OCTETS = 600;
const MAX_LABEL = 80;

/**
 * Parses a key from a URL, or returns the problem. Rejects what the gateway would refuse, because one invalid key would
 * end the live stream of all tabs.
 */
export function readSeriesKey(text: string): SeriesKey | SeriesKeyProblem {
  if (text.length > MAX_KEY_OCTETS) return 'length';
  const [, collection = '', entity, item, pointer] = KEY.exec(text) ?? [];
  if (entity === undefined || item === undefined || !Object.hasOwn(KIND_OF_COLLECTION, collection)) return 'form';
  try {
    const key = {
      kind: KIND_OF_COLLECTION[collection]!,
      entity: decodeURIComponent(entity),
      item: decodeURIComponent(item),
      pointer: pointer === undefined ? undefined : decodeURIComponent(pointer),
    };
    if (!ENTITY_ID.test(key.entity)) return 'entity';
    if (key.item.replaceAll('/', '') === '') return 'form';
    if (key.pointer !== undefined && namesOf(key.pointer) === undefined) return 'pointer';
    return encodeURIComponent(formatSeriesKey(key)).length > MAX_KEY_OCTETS ? 'length' : key;
  } catch {
    return 'encoding';
  }
}

/** Formats a key with percent-encoding. */
export function formatSeriesKey({ kind, entity, item, pointer }: SeriesKey): string {
  const collection = Object.keys(KIND_OF_COLLECTION).find((name) => KIND_OF_COLLECTION[name] === kind);
  const field = pointer === undefined ? '' : `:${pointer.split('/').map(encoded).join('/')}`;
  return `${collection}/${encoded(entity)}/data/${encoded(item)}${field}`;
}

/** `encodeURIComponent` throws on lone surrogates. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** Returns the label of a series, or the shortened key if it is invalid. */
export function labelOfKey(key: string, of: SeriesKey | SeriesKeyProblem): string {
  if (typeof of !== 'string') return seriesLabel(of);
  return shortened(key, MAX_LABEL);
}

/**
 * Returns a label such as `controller_server cmd_vel /linear/x`. The entity is left out if the item name contains it.
 */
export function seriesLabel({ entity, item, pointer = '' }: SeriesKey): string {
  const name = item.replace(/^\//, '');
  const place = name.split('/').includes(entity) ? name : `${entity} ${name}`;
  return pointer === '' || pointer === '/data' ? place : `${place} ${pointer}`;
}
