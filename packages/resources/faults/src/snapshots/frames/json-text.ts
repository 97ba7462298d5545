import type { SampledJson } from '../../topic-sampler.ts';

/** Converts a value to JSON text with all digits of every integer. */
export function jsonText(value: SampledJson): string {
  return JSON.stringify(value, (_name, member) => (typeof member === 'bigint' ? rawNumber(member) : member));
}

// `JSON.rawJSON` is missing in the compiler's library.
const rawNumber = (value: bigint): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));
