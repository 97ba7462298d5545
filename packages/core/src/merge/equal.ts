/** Returns whether two values of plain data are equal. The order of object fields does not matter. */
export function equalData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, at) => item === b[at] || equalData(item, b[at]));
  }
  return equalFields(a as Fields, b as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Runs for every entity at every merge, so it avoids building lists of field names. Fields that are `undefined` count
 * as absent.
 */
function equalFields(a: Fields, b: Fields): boolean {
  for (const name in a) if (!equalData(a[name], b[name])) return false;
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
}
