import { isJsonObject } from '@medkit/core';
import type { Located } from '@medkit/documents';

/** Maximum depth of options; those of a PLC have three levels. */
const MAX_DEPTH = 8;

/**
 * Converts plugin options to a document, so that they are read like a file. The location of every part is its key:
 * `auto_browse.max_depth`. Values that are not data or too deep become empty.
 */
export function locatedOptions(value: unknown, at: string, depth = 0): Located {
  if (depth < MAX_DEPTH && Array.isArray(value)) {
    return { kind: 'list', at, items: value.map((item) => locatedOptions(item, at, depth + 1)) };
  }
  if (depth < MAX_DEPTH && isJsonObject(value)) {
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
