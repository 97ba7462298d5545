import type { Located } from '@medkit/documents';

/** Levels of options; those of a PLC have three. */
const MAX_DEPTH = 8;

/**
 * Options of a plugin as a document has them, so that they are read as the same words in a file are. Every part stands at
 * the key that it has: `auto_browse.max_depth`. What is no data, or too deep, is an empty value.
 */
export function locatedOptions(value: unknown, at: string, depth = 0): Located {
  if (depth < MAX_DEPTH && Array.isArray(value)) {
    return { kind: 'list', at, items: value.map((item) => locatedOptions(item, at, depth + 1)) };
  }
  if (depth < MAX_DEPTH && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).map(([name, part]) => {
      const key = `${at}.${name}`;
      return { name, at: key, value: locatedOptions(part, key, depth + 1) };
    });
    return { kind: 'map', at, entries };
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: 'value', at, value, text: String(value) };
  }
  return { kind: 'value', at, value: null, text: '' };
}
