const NS_PER_S = 1_000_000_000n;

/** Formats nanoseconds as `2026-03-23T02:14:33.000000000Z`: UTC with nine decimals. */
export function isoTime(ns: bigint): string {
  const seconds = ns / NS_PER_S - (ns % NS_PER_S < 0n ? 1n : 0n);
  const decimals = (ns - seconds * NS_PER_S).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length)}.${decimals}Z`;
}

// In a query string, a plus may have been decoded as a space.
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[ +-]\d\d:\d\d)?$/;

/**
 * Parses an ISO 8601 time with up to nine decimals, UTC if it has no zone, to nanoseconds. Returns `undefined` if it is
 * invalid.
 */
export function timestampNs(text: string): bigint | undefined {
  const [, seconds = '', decimals = '', zone] = TIME.exec(text) ?? [];
  const ms = Date.parse(`${seconds}${zone?.replace(' ', '+') ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(decimals.padEnd(9, '0'));
}
