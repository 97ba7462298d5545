import { fnv1aHex } from '../names/folded-name.ts';

/** Longest entity id: what a path segment, a file name and a log line can carry. */
export const MAX_ENTITY_ID_LENGTH = 256;

const ALLOWED = /^[A-Za-z0-9_-]$/;
const ALL_ALLOWED = /^[A-Za-z0-9_-]+$/;

/** What is wrong with `id` as an entity id, in a sentence that names the offending character; `undefined` if nothing is. */
export function entityIdProblem(id: string): string | undefined {
  if (id.length === 0) return 'Entity ID is empty';
  if (id.length > MAX_ENTITY_ID_LENGTH) {
    return `Entity ID has ${id.length} characters, the most is ${MAX_ENTITY_ID_LENGTH}`;
  }
  // Every merge asks for every id.
  if (ALL_ALLOWED.test(id)) return undefined;
  const offending = Array.from(id).find((character) => !ALLOWED.test(character)) ?? '';
  return `Entity ID contains ${nameOf(offending)}; allowed are letters, digits, '_' and '-'`;
}

/** 1 to 256 characters of `[A-Za-z0-9_-]`. */
export function isEntityId(id: string): boolean {
  return entityIdProblem(id) === undefined;
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * `text` with everything an entity id may not contain turned into `_`; may be empty. A text that is cut, or has letters of
 * another script, gets a hash at its end, so that two of them do not become one id.
 */
export function toEntityId(text: string): string {
  const id = text.replace(/[^A-Za-z0-9_-]/g, '_');
  if (id.length <= MAX_ENTITY_ID_LENGTH && ASCII.test(text)) return id;
  const hash = fnv1aHex(text);
  const words = id.replace(/__+/g, '_').replace(/^_|_$/g, '');
  return words === '' ? `_${hash}` : `${words.slice(0, MAX_ENTITY_ID_LENGTH - hash.length - 1)}_${hash}`;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const printable = code > 0x20 && code < 0x7f;
  return printable ? `'${character}'` : `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}
