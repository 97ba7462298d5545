import { parseYamlInteger } from '@medkit/documents';

/** A range, including both ends. */
export interface WholeRange {
  readonly min: bigint | number;
  readonly max: bigint | number;
}

/** Parses an integer within a range, with up to 64 bits: more than a JavaScript number represents exactly. */
export function asWhole(text: string, { min, max }: WholeRange): bigint | undefined {
  const whole = parseYamlInteger(text);
  return whole !== undefined && whole >= min && whole <= max ? whole : undefined;
}
