import { LOCAL, type Origin } from '../entity/entity.ts';

/** How far the event logs of gateways were read: the number of the last event of each gateway. */
export type Cursor = ReadonlyMap<Origin, number>;

/** Maximum length of a `Last-Event-ID`: room for more gateways than one gateway ever connects to. */
const MAX_TEXT_LENGTH = 8192;
/** `412` for this gateway alone; `412~peer_b.77~peer_c.9` with other gateways. */
const FORM = /^\d+(?:~[^~.]+\.\d+)*$/;

/**
 * Formats a cursor as an event id. Equal cursors give equal texts; a cursor of this gateway alone is a plain number.
 */
export function cursorText(cursor: Cursor): string {
  let text = String(cursor.get(LOCAL) ?? 0);
  for (const [origin, id] of isInOrder(cursor) ? cursor : inOrder(cursor)) {
    if (origin !== LOCAL) text += `~${nameText(origin)}.${id}`;
  }
  return text;
}

/**
 * Parses `Last-Event-ID`. Returns `undefined` if the header is absent or malformed, as if the client had received
 * nothing.
 */
export function cursorOf(header: string | string[] | undefined): Cursor | undefined {
  if (typeof header !== 'string' || header.length > MAX_TEXT_LENGTH || !FORM.test(header)) return undefined;
  const [local, ...peers] = header.split('~');
  return new Map([[LOCAL, Number(local)], ...peers.map(placeOf)]);
}

/** Returns the cursor after event `id` of a gateway. */
export function advanceCursor(cursor: Cursor, origin: Origin, id: number): Map<Origin, number> {
  // Sorted here once, so that later cursors need no sorting for every event.
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

/** Maximum number of cached names: more gateways than one gateway ever connects to. */
const MAX_NAMES = 1000;
const nameTexts = new Map<Origin, string>();

/** Escapes the two separators of a cursor and every character that is not allowed in a header. */
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
