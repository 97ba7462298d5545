import { MAX_ENTITY_ID_LENGTH, toEntityId } from '@medkit/core';
import { shortened } from './short-name.ts';

/** Characters of a name that a person reads; servers choose them. */
const MAX_SHOWN = 256;

/** A browse name as a part of an id: `DB_Test` is `db_test`, `1st Pump` is `_1st_pump`. */
export function idPart(name: string): string {
  const part = toEntityId(name).toLowerCase();
  if (part === '') return '_unnamed';
  return shortened(/^\d/.test(part) ? `_${part}` : part, MAX_ENTITY_ID_LENGTH);
}

/** The id of an object by the names on the way to it: `plc_1_db_test`. */
export function idOfPath(names: readonly string[]): string {
  return shortened(names.map(idPart).join('_'), MAX_ENTITY_ID_LENGTH);
}

/** A text of a server as a person reads it: without control characters, and not without end. */
export function shownText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_SHOWN);
}

/** Gives each name once: to whoever asks again, one with the first free number behind it. */
export class NamePool {
  readonly #used: Set<string>;
  readonly #numbers = new Map<string, number>();

  constructor(used: Iterable<string> = []) {
    this.#used = new Set(used);
  }

  /** Takes this very name; false where it is taken. */
  take(name: string): boolean {
    return !this.#used.has(name) && Boolean(this.#used.add(name));
  }

  /** Takes this name, or one like it. */
  free(name: string): string {
    if (this.take(name)) return name;
    let number = this.#numbers.get(name) ?? 2;
    while (!this.take(numbered(name, number))) number++;
    this.#numbers.set(name, number + 1);
    return numbered(name, number);
  }
}

/**
 * A name of its own for each key: what it wants, or one with a number where others want the same. Keys decide who comes
 * first, not the order in which a server told of them, so that the names are the same the next time.
 */
export function namesByKey(wanted: ReadonlyMap<string, string>, pool = new NamePool()): ReadonlyMap<string, string> {
  const inOrder = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Map<string, string>();
  // Whoever can have its own name has it, before numbers are given out that might be somebody's name.
  for (const [key, name] of inOrder) if (pool.take(name)) names.set(key, name);
  for (const [key, name] of inOrder) if (!names.has(key)) names.set(key, pool.free(name));
  return names;
}

function numbered(name: string, number: number): string {
  const tail = `_${number}`;
  return `${name.slice(0, MAX_ENTITY_ID_LENGTH - tail.length)}${tail}`;
}
