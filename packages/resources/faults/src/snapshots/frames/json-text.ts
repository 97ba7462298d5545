import type { SampledJson } from '../sampler/topic-sampler.ts';

/** As JSON text, every integer with all its digits. */
export function jsonText(value: SampledJson): string {
  return JSON.stringify(value, (_name, member) => (typeof member === 'bigint' ? rawNumber(member) : member));
}

// Not yet known to the compiler's library.
const rawNumber = (value: bigint): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));
