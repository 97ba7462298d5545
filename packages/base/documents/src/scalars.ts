/** Booleans as yaml-cpp and ROS parameter files read them, following YAML 1.1. */
const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off'].map((word) => [word, false] as const),
]);

const DECIMAL_WHOLE = /^[+-]?\d{1,20}$/;
const PREFIXED_WHOLE = /^([+-]?)(0(?:x[\da-f]{1,16}|o[0-7]{1,22}|b[01]{1,64}))$/i;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^([+-]?)\.?(nan|inf|infinity)$/i;

/** Parses a boolean such as `true`, `Yes`, `off` or `N`. Returns `undefined` for any other text. */
export function parseYamlBoolean(text: string): boolean | undefined {
  return SWITCHES.get(text.trim().toLowerCase());
}

/** Parses an integer of up to 64 bits: decimal, `0x`, `0o` or `0b`. Returns `undefined` for any other text. */
export function parseYamlInteger(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (DECIMAL_WHOLE.test(trimmed)) return BigInt(trimmed.replace('+', ''));
  const [, sign, digits] = PREFIXED_WHOLE.exec(trimmed) ?? [];
  if (digits === undefined) return undefined;
  return sign === '-' ? -BigInt(digits.toLowerCase()) : BigInt(digits.toLowerCase());
}

/** Parses a number such as `1.5e3`, `0o17`, `.inf` or `.nan`. Returns `undefined` for any other text. */
export function parseYamlNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  const whole = parseYamlInteger(trimmed);
  if (whole !== undefined) return Number(whole);
  const [, sign, word] = NOT_FINITE.exec(trimmed) ?? [];
  if (word === undefined) return undefined;
  const number = word.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return sign === '-' ? -number : number;
}
