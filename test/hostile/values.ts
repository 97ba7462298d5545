import { HALVES, LONG, MARKUP, SCRIPT_LINK, SHORT_MARKUP, TURNED } from './texts.ts';

/** A placeholder in a document for a raw JSON text. */
const RAW = /"#raw (\d+)"/g;
const raws: string[] = [];
export const raw = (text: string): string => `#raw ${raws.push(text) - 1}`;

/** Values that are deep, wide, or not valid JSON numbers. */
const nested = (open: string, close: string, levels: number): string =>
  raw(`${open.repeat(levels)}1${close.repeat(levels)}`);
export const DEEP = nested('{"a":', '}', 100);
const DEEP_LIST = nested('[', ']', 100);
/** More levels than any viewer shows. */
export const DEEPEST = nested('{"a":', '}', 100_000);
const WIDE = raw(JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]))));
export const VALUES: Readonly<Record<string, unknown>> = {
  marked: { [SHORT_MARKUP]: MARKUP, prototype: { onerror: MARKUP }, constructor: SCRIPT_LINK, [TURNED]: TURNED },
  long: { data: LONG },
  deep: DEEP,
  listed: DEEP_LIST,
  wide: WIDE,
  nan: { data: 'NaN', sec: 'Infinity', nanosec: '-Infinity' },
  huge: raw('{"data":1e400,"count":123456789012345678901234567890}'),
  none: null,
  [HALVES]: { data: HALVES },
};

/** Times that a clock never shows. */
export const TIMES = ['+300000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', 'NaN', MARKUP, '2026-13-99'] as const;
export const SECONDS = [9.4e12, -62_135_596_800, 1e300, 1_774_232_077] as const;

export const at = <T>(items: readonly T[], place: number): T => items[place % items.length]!;

export const VALUE_NAMES = Object.keys(VALUES);
export const liveValue = (name: string): unknown => ({ value: VALUES[name] ?? MARKUP, at_ms: Date.now() });

/** Returns the text of a document. */
export function documentText(document: unknown): string {
  return JSON.stringify(document).replaceAll(RAW, (_, place: string) => raws[Number(place)]!);
}
