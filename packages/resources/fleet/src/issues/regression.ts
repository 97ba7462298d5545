/** What a person decided about a resolved issue. */
export interface Resolution {
  readonly atMs: number;
  /** Software that resolves it; `undefined` for all software. */
  readonly inVersion: string | undefined;
}

/**
 * Returns whether an occurrence shows that a resolved issue is not resolved: it began later, on software that is not
 * older. An occurrence on unknown software shows nothing about a version.
 * @param firstSeenMs when a robot of the fleet first had each software
 */
export function isRegression(
  occurrence: { readonly beganMs: number; readonly version: string | undefined },
  { atMs, inVersion }: Resolution,
  firstSeenMs: ReadonlyMap<string, number>,
): boolean {
  if (occurrence.beganMs <= atMs) return false;
  if (inVersion === undefined) return true;
  const { version } = occurrence;
  return version !== undefined && !isOlder(version, inVersion, firstSeenMs);
}

/** Compares software by SemVer if both have the same name, else by when the fleet first had it. */
function isOlder(version: string, than: string, firstSeenMs: ReadonlyMap<string, number>): boolean {
  if (version === than) return false;
  const order = compareReleases(version, than);
  if (order !== undefined) return order < 0;
  const sinceMs = firstSeenMs.get(version) ?? Number.POSITIVE_INFINITY;
  return sinceMs < (firstSeenMs.get(than) ?? Number.POSITIVE_INFINITY);
}

/** Compares two releases by SemVer. Returns `undefined` if one has no version, or if they have different names. */
export function compareReleases(version: string, than: string): number | undefined {
  const [one, other] = [parse(version), parse(than)];
  return one && other && one.name === other.name ? comparePrecedence(one, other) : undefined;
}

interface Parsed {
  /** Text before the numbers: `navigation-` of `navigation-2.1.0`. */
  readonly name: string;
  readonly numbers: readonly number[];
  readonly prerelease: readonly string[];
}

const VERSION = /^(.*?)(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?$/;

function parse(version: string): Parsed | undefined {
  const [found, name = '', major, minor, patch, prerelease] = VERSION.exec(version) ?? [];
  if (found === undefined) return undefined;
  return { name, numbers: [major, minor, patch].map(Number), prerelease: prerelease?.split('.') ?? [] };
}

/** Precedence of SemVer 2.0.0, clause 11: negative if `one` is lower. */
function comparePrecedence(one: Parsed, other: Parsed): number {
  const numbers = one.numbers.map((number, index) => number - other.numbers[index]!).find((difference) => difference);
  if (numbers !== undefined) return numbers;
  if (one.prerelease.length === 0 || other.prerelease.length === 0) {
    return other.prerelease.length - one.prerelease.length;
  }
  for (const [index, part] of one.prerelease.entries()) {
    const against = other.prerelease[index];
    if (against === undefined) return 1;
    if (part !== against) return compareIdentifiers(part, against);
  }
  return one.prerelease.length - other.prerelease.length;
}

function compareIdentifiers(one: string, other: string): number {
  const [number, otherNumber] = [one, other].map((part) => /^\d+$/.test(part));
  if (number && otherNumber) return Number(one) - Number(other);
  if (number !== otherNumber) return number ? -1 : 1;
  return one < other ? -1 : 1;
}
