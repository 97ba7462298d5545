/** Integers below this value are exact in a float32. */
const EXACT_INTEGERS = 2 ** 24;

const PLAIN_FROM = 1e-6;
const LOWEST_EXPONENT = -6;

/** Factors by decimal exponent, from -6 on, that turn six significant digits into an integer. */
const SCALES = [1e11, 1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1, 1, 1];

/**
 * Returns the number with the shortest text that reads back as the same float32: 0.1, not 0.10000000149011612. `value`
 * is a float32.
 */
export function shortestFloat32(value: number): number {
  if (Math.fround(Math.round(value)) === value && Math.abs(value) < EXACT_INTEGERS) return value;
  const magnitude = Math.abs(value);
  if (magnitude >= PLAIN_FROM && magnitude < EXACT_INTEGERS) {
    // A float32 always preserves six significant digits, and nine are always sufficient (IEEE 754, 5.12.2).
    let scale = SCALES[Math.floor(Math.log10(magnitude)) - LOWEST_EXPONENT];
    for (let digits = 6; digits < 9; digits += 1, scale *= 10) {
      // Both operands are exact doubles, so the quotient is the double nearest to that decimal.
      const rounded = Math.round(value * scale) / scale;
      if (Math.fround(rounded) === value) return rounded;
    }
  }
  // Very small and very large values are rare, so the slower conversion through text is acceptable.
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}

/** Returns the JSON value of a float. JSON has no NaN and infinity; the YAML texts are common in ROS gateways. */
export function floatJson(value: number): number | string {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return '.nan';
  return value > 0 ? '.inf' : '-.inf';
}

/** Like `floatJson`, for a float32. */
export function float32Json(value: number): number | string {
  return Number.isFinite(value) ? shortestFloat32(value) : floatJson(value);
}

/** Accepted texts for NaN and infinity. medkit writes the YAML forms. */
const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ['.nan', Number.NaN],
  ['nan', Number.NaN],
  ['.inf', Number.POSITIVE_INFINITY],
  ['+.inf', Number.POSITIVE_INFINITY],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-.inf', Number.NEGATIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** Returns the float that a text stands for, ignoring case, or `undefined` if it is no special float. */
export function specialFloat(text: string): number | undefined {
  return SPECIAL_FLOATS.get(text.toLowerCase());
}
