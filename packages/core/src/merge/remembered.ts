/** Values by key, each with what it was made of. */
export type Remembered<Value> = ReadonlyMap<string, { readonly madeOf: readonly unknown[]; readonly value: Value }>;

/** A round in which values are made again. */
export interface Remembering<Value> {
  /** The values of this round, for the next one; what nobody asked for is not among them. */
  readonly now: Remembered<Value>;
  /**
   * The value of `key`: that of the round before where it was made of the very same objects in the same order. Else `make`
   * makes it, which hears of the one before.
   */
  valueOf(key: string, madeOf: readonly unknown[], make: (before: Value | undefined) => Value): Value;
}

/** Begins a round after `before`: what comes of plain data that did not change is not made a second time. */
export function rememberFrom<Value>(before: Remembered<Value> | undefined): Remembering<Value> {
  const now = new Map<string, { readonly madeOf: readonly unknown[]; readonly value: Value }>();
  return {
    now,
    valueOf: (key, madeOf, make) => {
      const old = before?.get(key);
      const entry = old && isSame(old.madeOf, madeOf) ? old : { madeOf, value: make(old?.value) };
      now.set(key, entry);
      return entry.value;
    },
  };
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
