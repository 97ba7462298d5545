/** The first release with the functions of JetStream that a hub uses. */
export const OLDEST_NATS = '2.9';
const OLDEST = [2, 9, 0];
/** Releases of each series with the fixes of published advisories; newer series have them. */
const FIXED = [
  [2, 11, 16],
  [2, 12, 7],
];

/** Returns whether a hub can use a server of this version. */
export const isSupported = (version: string): boolean => compare(numbersOf(version), OLDEST) >= 0;

/** Returns the version to which a server should be updated because of published advisories; `undefined` if it has the fixes. */
export function neededUpdate(version: string): string | undefined {
  const stated = numbersOf(version);
  const ofSeries = FIXED.find((fixed) => compare(stated.slice(0, 2), fixed.slice(0, 2)) <= 0);
  return ofSeries && compare(stated, ofSeries) < 0 ? ofSeries.join('.') : undefined;
}

const numbersOf = (version: string): readonly number[] => version.split(/[.-]/, 3).map((part) => Number(part) || 0);

function compare(one: readonly number[], other: readonly number[]): number {
  const index = other.findIndex((number, at) => number !== one[at]);
  return index < 0 ? 0 : (one[index] ?? 0) - other[index]!;
}
