import { fnv1aHex } from '../names/name-hash.ts';

/** Maximum length of an entity id: still fits in a path segment, a file name and a log line. */
export const MAX_ENTITY_ID_LENGTH = 256;

const ALLOWED = /^[A-Za-z0-9_-]$/;
const ALL_ALLOWED = /^[A-Za-z0-9_-]+$/;

/** Returns why `id` is not a valid entity id, naming the offending character, or `undefined` if it is valid. */
export function entityIdProblem(id: string): string | undefined {
  if (id.length === 0) return 'Entity ID is empty';
  if (id.length > MAX_ENTITY_ID_LENGTH) {
    return `Entity ID has ${id.length} characters, the maximum is ${MAX_ENTITY_ID_LENGTH}`;
  }
  // Fast path: every merge checks every id.
  if (ALL_ALLOWED.test(id)) return undefined;
  const offending = Array.from(id).find((character) => !ALLOWED.test(character)) ?? '';
  return `Entity ID contains ${nameOf(offending)}; allowed are letters, digits, '_' and '-'`;
}

/** Returns whether the text is 1 to 256 characters of `[A-Za-z0-9_-]`. */
export function isEntityId(id: string): boolean {
  return entityIdProblem(id) === undefined;
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * Converts a text to an entity id by replacing every character that is not allowed with `_`. The result may be empty.
 * If the text is truncated or contains non-ASCII characters, a hash is appended, so that different texts get different
 * ids.
 */
export function toEntityId(text: string): string {
  const id = text.replace(/[^A-Za-z0-9_-]/g, '_');
  if (id.length <= MAX_ENTITY_ID_LENGTH && ASCII.test(text)) return id;
  const hash = fnv1aHex(text);
  const readable = id.replace(/__+/g, '_').replace(/^_|_$/g, '');
  return readable === '' ? `_${hash}` : `${readable.slice(0, MAX_ENTITY_ID_LENGTH - hash.length - 1)}_${hash}`;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const printable = code > 0x20 && code < 0x7f;
  return printable ? `'${character}'` : `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}
