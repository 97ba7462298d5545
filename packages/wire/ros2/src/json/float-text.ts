/** Integers below it are exact in a float32. */
const EXACT_INTEGERS = 2 ** 24;

const PLAIN_FROM = 1e-6;
const LOWEST_EXPONENT = -6;

/** By decimal exponent from -6: what makes six significant digits an integer. */
const SCALES = [1e11, 1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1, 1, 1];

/**
 * The number whose shortest text is the shortest text that reads back as the same float32: 0.1, not
 * 0.10000000149011612. `value` is a float32.
 */
export function shortestFloat32(value: number): number {
  if (Math.fround(Math.round(value)) === value && Math.abs(value) < EXACT_INTEGERS) return value;
  const magnitude = Math.abs(value);
  if (magnitude >= PLAIN_FROM && magnitude < EXACT_INTEGERS) {
    // Six significant digits are always kept by a float32, nine always suffice (IEEE 754, 5.12.2).
    let scale = SCALES[Math.floor(Math.log10(magnitude)) - LOWEST_EXPONENT];
    for (let digits = 6; digits < 9; digits += 1, scale *= 10) {
      // Both are exact doubles, so the quotient is the double nearest to that decimal.
      const rounded = Math.round(value * scale) / scale;
      if (Math.fround(rounded) === value) return rounded;
    }
  }
  // Very small and very large ones are rare: texts will do.
  for (let digits = 1; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}

/** JSON has no text for them; YAML's are what clients of ROS gateways know. */
export function floatJson(value: number): number | string {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return '.nan';
  return value > 0 ? '.inf' : '-.inf';
}

/** As `floatJson`, for a float32. */
export function float32Json(value: number): number | string {
  return Number.isFinite(value) ? shortestFloat32(value) : floatJson(value);
}

/** The texts that stand for floats without a JSON number; YAML's are what medkit writes. */
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

/** The float that a text stands for, in any case; `undefined` where it is none of them. */
export function specialFloat(text: string): number | undefined {
  return SPECIAL_FLOATS.get(text.toLowerCase());
}
