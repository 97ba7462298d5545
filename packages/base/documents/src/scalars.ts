/** Switches as yaml-cpp and the parameter files of ROS take them, which follow YAML 1.1. */
const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off'].map((word) => [word, false] as const),
]);

const DECIMAL_WHOLE = /^[+-]?\d{1,20}$/;
const PREFIXED_WHOLE = /^([+-]?)(0(?:x[\da-f]{1,16}|o[0-7]{1,22}|b[01]{1,64}))$/i;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^([+-]?)\.?(nan|inf|infinity)$/i;

/** The switch that a text means, as `true`, `Yes`, `off` or `N`; `undefined` for any other text. */
export function switchIn(text: string): boolean | undefined {
  return SWITCHES.get(text.trim().toLowerCase());
}

/** The whole number of up to 64 bits that a text means: decimal, `0x`, `0o` or `0b`; `undefined` for any other text. */
export function wholeIn(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (DECIMAL_WHOLE.test(trimmed)) return BigInt(trimmed.replace('+', ''));
  const [, sign, digits] = PREFIXED_WHOLE.exec(trimmed) ?? [];
  if (digits === undefined) return undefined;
  return sign === '-' ? -BigInt(digits.toLowerCase()) : BigInt(digits.toLowerCase());
}

/** The number that a text means, as `1.5e3`, `0o17`, `.inf` or `.nan`; `undefined` for any other text. */
export function numberIn(text: string): number | undefined {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  const whole = wholeIn(trimmed);
  if (whole !== undefined) return Number(whole);
  const [, sign, word] = NOT_FINITE.exec(trimmed) ?? [];
  if (word === undefined) return undefined;
  const number = word.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return sign === '-' ? -number : number;
}
