/**
 * Caches the result of `make` per object, for as long as the object exists. For values derived from immutable data,
 * such as a tree, or a list that a provider returns repeatedly.
 */
export function memoizeByObject<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}
