const NS_PER_S = 1_000_000_000n;

/** `2026-03-23T02:14:33.000000000Z`: UTC with all nine decimals. */
export function isoTime(ns: bigint): string {
  const seconds = ns / NS_PER_S - (ns % NS_PER_S < 0n ? 1n : 0n);
  const decimals = (ns - seconds * NS_PER_S).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length)}.${decimals}Z`;
}

// Behind a question mark a plus may have become a space on its way.
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[ +-]\d\d:\d\d)?$/;

/** Nanoseconds of a time of ISO 8601 with up to nine decimals, UTC where it has no zone; `undefined` for anything else. */
export function timestampNs(text: string): bigint | undefined {
  const [, seconds = '', decimals = '', zone] = TIME.exec(text) ?? [];
  const ms = Date.parse(`${seconds}${zone?.replace(' ', '+') ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(decimals.padEnd(9, '0'));
}
