import { wholeIn } from '@medkit/documents';

/** The ends of a range, both included. */
export interface WholeRange {
  readonly min: bigint | number;
  readonly max: bigint | number;
}

/** A whole number within a range, of up to 64 bits: more than a JavaScript number holds exactly. */
export function asWhole(text: string, { min, max }: WholeRange): bigint | undefined {
  const whole = wholeIn(text);
  return whole !== undefined && whole >= min && whole <= max ? whole : undefined;
}
