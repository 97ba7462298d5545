import { LOCAL, type Origin } from '@medkit/core';

/** How far the logs of gateways were read: of each the number of the last event. */
export type Cursor = ReadonlyMap<Origin, number>;

/** Characters of a `Last-Event-ID`: of as many gateways as there may ever be around one. */
const MAX_TEXT_LENGTH = 8192;
/** Of this gateway alone `412`, of others besides `412~peer_b.77~peer_c.9`. */
const FORM = /^\d+(?:~[^~.]+\.\d+)*$/;

/** A cursor as the id of an event, the same text for the same places: of this gateway alone the plain number. */
export function cursorText(cursor: Cursor): string {
  const own = String(cursor.get(LOCAL) ?? 0);
  if (cursor.size === 1 && cursor.has(LOCAL)) return own;
  const others = [...cursor].filter(([origin]) => origin !== LOCAL).sort(([a], [b]) => (a < b ? -1 : 1));
  return [own, ...others.map(([origin, id]) => `${nameText(origin)}.${id}`)].join('~');
}

/** What `Last-Event-ID` says; `undefined` where the header is absent or says nothing of the kind, as if the client had seen nothing. */
export function cursorOf(header: string | string[] | undefined): Cursor | undefined {
  if (typeof header !== 'string' || header.length > MAX_TEXT_LENGTH || !FORM.test(header)) return undefined;
  const [own, ...others] = header.split('~');
  return new Map([[LOCAL, Number(own)], ...others.map(placeOf)]);
}

/** The cursor behind event `id` of a gateway. */
export function advanced(cursor: Cursor, origin: Origin, id: number): Map<Origin, number> {
  return new Map(cursor).set(origin, id);
}

function placeOf(text: string): [Origin, number] {
  const [name = '', id] = text.split('.');
  return [nameOf(name), Number(id)];
}

/** The two characters that have a meaning in a cursor, and all that may not stand in a header, are escaped. */
function nameText(origin: Origin): string {
  return encodeURIComponent(origin).replaceAll('.', '%2E').replaceAll('~', '%7E');
}

function nameOf(text: string): Origin {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
