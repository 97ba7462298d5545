import { MAX_ENTITY_ID_LENGTH, toEntityId } from '@medkit/core';
import { fnv1aHex, shortened } from './short-name.ts';

/** Maximum characters of a displayed name; servers choose them. */
const MAX_DISPLAYED_CHARACTERS = 256;

/** Converts a browse name to a part of an id: `DB_Test` to `db_test`, `1st Pump` to `_1st_pump`. */
export function idPart(name: string): string {
  const part = toEntityId(name).toLowerCase();
  if (part === '') return '_unnamed';
  return shortened(/^\d/.test(part) ? `_${part}` : part, MAX_ENTITY_ID_LENGTH);
}

/** Returns the id of an object by the names on its path: `plc_1_db_test`. */
export function idOfPath(names: readonly string[]): string {
  return shortened(names.map(idPart).join('_'), MAX_ENTITY_ID_LENGTH);
}

/** Returns a server's text for display: without control characters and with bounded length. */
export function displayText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_DISPLAYED_CHARACTERS);
}

/**
 * Returns a unique name for each key. If several keys want a name, or it is in `used`, all of them get a hash of the
 * key. A number, or the bare name for one of them, would move to another key when keys are added or removed.
 */
export function namesByKey(
  wanted: ReadonlyMap<string, string>,
  { used = [], limit = MAX_ENTITY_ID_LENGTH }: { readonly used?: Iterable<string>; readonly limit?: number } = {},
): ReadonlyMap<string, string> {
  const taken = new Set(used);
  const users = Map.groupBy(wanted.values(), (name) => name);
  const isUnique = (name: string) => !taken.has(name) && users.get(name)?.length === 1;
  const names = new Map([...wanted].filter(([, name]) => isUnique(name)));
  for (const name of wanted.values()) taken.add(name);
  const others = [...wanted].filter(([key]) => !names.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, name] of others) {
    let free = withHash(name, key, limit);
    for (let at = 2; taken.has(free); at++) free = withHash(name, `${key}#${at}`, limit);
    taken.add(free);
    names.set(key, free);
  }
  return names;
}

function withHash(name: string, key: string, limit: number): string {
  const tail = `_${fnv1aHex(key).toLowerCase()}`;
  return `${name.slice(0, limit - tail.length)}${tail}`;
}
