import {
  type EntityKind,
  kindOfCollection,
  LIVE_INTERVAL_MS,
  LIVE_NEWS,
  type LiveNews,
  MAX_LIVE_VALUES,
  SovdError,
} from '@medkit/contract';
import { isEntityId } from '@medkit/core';
import { isPointer } from '@medkit/core/json';

/** A value that a client wants to follow. */
export interface WatchedValue {
  /** As the client wrote it. */
  readonly name: string;
  readonly kind: EntityKind;
  /** An id or an alias. */
  readonly entityId: string;
  /** Data id as a client may write it, percent-decoded. */
  readonly item: string;
  /** JSON pointer to a field; absent for the main value of its type. */
  readonly pointer: string | undefined;
}

/** Parameters of a live stream. */
export interface LiveParameters {
  readonly values: readonly WatchedValue[];
  readonly intervalMs: number;
  readonly news: readonly LiveNews[];
}

/** Maximum characters of a value's name. */
const MAX_NAME_LENGTH = 2048;
/**
 * Start of the field: a colon before `/` or the end. A colon within an id, as in `member:item`, is followed by
 * something else, or is encoded.
 */
const FIELD = /:(?=\/|$)/;
const EXAMPLE = 'apps/battery_monitor/data/battery_state:/voltage';

/** Parses the parameters of a live stream. Throws `invalid-parameter` with the problem and the expected form. */
export function parseLiveParameters(query: Readonly<Record<string, string | undefined>>): LiveParameters {
  const names = writtenOut(listOf(query['watch']));
  if (names.length > MAX_LIVE_VALUES) {
    const message = `watch has ${names.length} values, but a stream supports at most ${MAX_LIVE_VALUES}: watch only visible values, or open a second stream`;
    throw invalid('watch', message, { count: names.length, max_value: MAX_LIVE_VALUES });
  }
  return {
    values: names.map(watchedValue),
    intervalMs: intervalOf(query['interval']),
    news: streamEventTypes(query['events']),
  };
}

/** Expands names that begin with a colon to another field of the previous item: URLs have a maximum length. */
function writtenOut(names: readonly string[]): readonly string[] {
  let item = '';
  return names.map((name) => {
    if (name.startsWith(':')) return `${item}${name}`;
    item = name.slice(0, FIELD.exec(name)?.index);
    return name;
  });
}

/** Parses `apps/lidar/data/scan:/ranges/0`. Throws `invalid-parameter`. */
export function watchedValue(name: string): WatchedValue {
  if (name.length > MAX_NAME_LENGTH) throw wrong(name.slice(0, 64), `it is longer than ${MAX_NAME_LENGTH} characters`);
  const at = FIELD.exec(name)?.index;
  const [first = '', id = '', collection, ...segments] = (at === undefined ? name : name.slice(0, at)).split('/');
  const kind = kindOfCollection(first);
  if (!kind) throw wrong(name, 'it does not begin with areas, components, apps or functions');
  const entityId = decoded(name, id);
  if (!isEntityId(entityId)) throw wrong(name, 'the id of the entity is missing or invalid');
  const item = segments.map((segment) => decoded(name, segment)).join('/');
  if (collection !== 'data' || item.replaceAll('/', '') === '')
    throw wrong(name, 'the entity must be followed by data and the id of a data item');
  const pointer = at === undefined ? undefined : decoded(name, name.slice(at + 1));
  if (pointer !== undefined && !isPointer(pointer)) throw wrong(name, `${pointer} is not a JSON Pointer`);
  return { name, kind, entityId, item, pointer };
}

function intervalOf(text: string | undefined): number {
  if (text === undefined) return LIVE_INTERVAL_MS.usual;
  const { min, max } = LIVE_INTERVAL_MS;
  const interval = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (interval >= min && interval <= max) return interval;
  throw invalid('interval', `interval must be a whole number of milliseconds from ${min} to ${max}`, { value: text });
}

function streamEventTypes(text: string | undefined): readonly LiveNews[] {
  if (text === undefined) return LIVE_NEWS;
  const names = new Set(listOf(text));
  const news = LIVE_NEWS.filter((name) => names.delete(name));
  names.delete('none');
  const [unknown] = names;
  if (unknown === undefined) return news;
  const allowed = [...LIVE_NEWS, 'none'].join(', ');
  throw invalid('events', `events must be from ${allowed}, found ${unknown}`, {
    value: unknown,
    allowed_values: allowed,
  });
}

function listOf(text = ''): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

function decoded(name: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong(name, `"${part}" is not valid percent-encoding`);
  }
}

function wrong(name: string, reason: string): SovdError {
  return invalid('watch', `${name} is not the name of a value: ${reason}. Example: ${EXAMPLE}`, { value: name });
}

function invalid(parameter: string, message: string, more: Readonly<Record<string, unknown>>): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter, ...more } });
}
