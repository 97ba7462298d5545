/** The ends of a range, both included. */
export interface WholeRange {
  readonly min: bigint | number;
  readonly max: bigint | number;
}

/** What node maps have been written with, in the words of YAML 1.1 and 1.2. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off'].map((word) => [word, false] as const),
]);

const WHOLE = /^(?:([+-]?)(\d{1,20})|0x([0-9a-f]{1,16}))$/i;

/** `true`, `Yes`, `off`; undefined for all else. */
export function asFlag(text: string): boolean | undefined {
  return FLAGS.get(text.toLowerCase());
}

/** A finite number; undefined for all else, also for an empty text. */
export function asNumber(text: string): number | undefined {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
}

/** A whole number within a range, of up to 64 bits: more than a JavaScript number holds exactly. */
export function asWhole(text: string, { min, max }: WholeRange): bigint | undefined {
  const [match, sign, decimal, hexadecimal] = WHOLE.exec(text) ?? [];
  if (match === undefined) return undefined;
  const magnitude = BigInt(decimal ?? `0x${hexadecimal}`);
  const whole = sign === '-' ? -magnitude : magnitude;
  return whole >= min && whole <= max ? whole : undefined;
}
