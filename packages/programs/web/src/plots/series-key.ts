import type { EntityKind } from '@medkit/contract';
import { namesOf } from '../forms/json-pointer.ts';
import { KIND_OF_COLLECTION } from '../routes/pages.ts';
import type { Texts } from '../texts/en.ts';

/** A number of a data item, as `watch` of the live stream names it: `apps/x/data/y:/pointer`. */
export interface SeriesKey {
  readonly kind: EntityKind;
  readonly entity: string;
  readonly item: string;
  /** JSON Pointer (RFC 6901) to the number; `''` for the whole value, `undefined` for what its type is about. */
  readonly pointer: string | undefined;
}

/** Why a text is no key; what `texts.plots.keyProblems` says of each. */
export type SeriesKeyProblem = keyof Texts['plots']['keyProblems'];

const KEY = /^(\w+)\/([^/:,]+)\/data\/([^/:,]+)(?::(|\/[^,]*))?$/;
const ENTITY_ID = /^[A-Za-z0-9_-]{1,256}$/;
/** Octets of a key in an address: twelve series have to fit into one of 8,192 octets. */
export const MAX_KEY_OCTETS = 600;
const MAX_LABEL = 80;

/**
 * Reads a key, or says why it is none: anybody may type an address. What the gateway would refuse is told here, as one wrong key
 * would end the live stream of all tabs.
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

/** The text of a key, percent-encoded as in an address. */
export function formatSeriesKey({ kind, entity, item, pointer }: SeriesKey): string {
  const collection = Object.keys(KIND_OF_COLLECTION).find((name) => KIND_OF_COLLECTION[name] === kind);
  const field = pointer === undefined ? '' : `:${pointer.split('/').map(encoded).join('/')}`;
  return `${collection}/${encoded(entity)}/data/${encoded(item)}${field}`;
}

/** Halves of characters are in no address. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** What a series is called: what it follows, or as much of a key that names nothing as can be read. */
export function labelOfKey(key: string, of: SeriesKey | SeriesKeyProblem): string {
  if (typeof of !== 'string') return seriesLabel(of);
  return key.length > MAX_LABEL ? `${key.slice(0, MAX_LABEL)}…` : key;
}

/** `controller_server cmd_vel /linear/x`; the entity is left out where the item begins with its name. */
export function seriesLabel({ entity, item, pointer = '' }: SeriesKey): string {
  const name = item.replace(/^\//, '');
  const place = name.split('/').includes(entity) ? name : `${entity} ${name}`;
  return pointer === '' || pointer === '/data' ? place : `${place} ${pointer}`;
}
