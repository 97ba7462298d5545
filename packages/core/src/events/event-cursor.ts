import { LOCAL, type Origin } from '../entity/entity.ts';

/** How far the logs of gateways were read: of each the number of the last event. */
export type Cursor = ReadonlyMap<Origin, number>;

/** Characters of a `Last-Event-ID`: of as many gateways as there may ever be around one. */
const MAX_TEXT_LENGTH = 8192;
/** Of this gateway alone `412`, of others besides `412~peer_b.77~peer_c.9`. */
const FORM = /^\d+(?:~[^~.]+\.\d+)*$/;

/** A cursor as the id of an event, the same text for the same places: of this gateway alone the plain number. */
export function cursorText(cursor: Cursor): string {
  let text = String(cursor.get(LOCAL) ?? 0);
  for (const [origin, id] of isInOrder(cursor) ? cursor : inOrder(cursor)) {
    if (origin !== LOCAL) text += `~${nameText(origin)}.${id}`;
  }
  return text;
}

/** What `Last-Event-ID` says; `undefined` where the header is absent or says nothing of the kind, as if the client had seen nothing. */
export function cursorOf(header: string | string[] | undefined): Cursor | undefined {
  if (typeof header !== 'string' || header.length > MAX_TEXT_LENGTH || !FORM.test(header)) return undefined;
  const [own, ...others] = header.split('~');
  return new Map([[LOCAL, Number(own)], ...others.map(placeOf)]);
}

/** The cursor behind event `id` of a gateway. */
export function advanced(cursor: Cursor, origin: Origin, id: number): Map<Origin, number> {
  // In order from the begin: what follows from it need not be sorted again, for every event.
  return cursor.has(origin) ? new Map(cursor).set(origin, id) : new Map(inOrder([...cursor, [origin, id]]));
}

function inOrder(places: Iterable<readonly [Origin, number]>): readonly (readonly [Origin, number])[] {
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1));
}

function isInOrder(cursor: Cursor): boolean {
  let before = '';
  for (const origin of cursor.keys()) {
    if (origin < before) return false;
    before = origin;
  }
  return true;
}

function placeOf(text: string): [Origin, number] {
  const [name = '', id] = text.split('.');
  return [nameOf(name), Number(id)];
}

/** Names of which the text is kept: of more gateways than there are around one. */
const MAX_NAMES = 1000;
const nameTexts = new Map<Origin, string>();

/** The two characters that have a meaning in a cursor, and all that may not stand in a header, are escaped. */
function nameText(origin: Origin): string {
  const known = nameTexts.get(origin);
  if (known !== undefined) return known;
  const text = encodeURIComponent(origin).replaceAll('.', '%2E').replaceAll('~', '%7E');
  if (nameTexts.size >= MAX_NAMES) nameTexts.clear();
  nameTexts.set(origin, text);
  return text;
}

function nameOf(text: string): Origin {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
