import { ERROR_SEVERITY } from '../fault-severity.ts';
import { rateTest } from '../issues/poisson-test.ts';
import type { Finding, VersionNow, Windows } from './windows.ts';

/** Fewest robots and occurrences of the version: with fewer, a rate is a coincidence. */
const FEWEST_ROBOTS = 3;
const FEWEST_OCCURRENCES = 5;
/** How many times the rate of the others, and how likely by chance: when an outbreak opens, and while it continues. */
const OPENS = { ratio: 3, p: 0.01 };
const HOLDS = { ratio: 2, p: 0.05 };

/**
 * Finds versions that have more occurrences of errors for each robot-hour than the other versions in the same 24 h, by
 * the exact conditional test.
 */
export function findWorseVersions({ versions }: Windows): readonly Finding[] {
  return versions.flatMap((each): readonly Finding[] => {
    const others = versions.filter((other) => other !== each);
    const [errors, hours] = [sumOf(others, 'errors'), sumOf(others, 'hours')];
    const { version, members } = each;
    if (each.hours <= 0 || hours <= 0 || members.length < FEWEST_ROBOTS || each.errors < FEWEST_OCCURRENCES) return [];
    const [rate, otherRate] = [each.errors / each.hours, errors / hours];
    const p = rateTest({ count: each.errors, exposure: each.hours }, { count: errors, exposure: hours });
    const exceeds = (limit: typeof OPENS): boolean => rate >= limit.ratio * otherRate && p < limit.p;
    if (!exceeds(HOLDS)) return [];
    return [
      {
        kind: 'version_worse',
        subject: version,
        strength: exceeds(OPENS) ? 'opens' : 'holds',
        severity: ERROR_SEVERITY,
        name: version,
        about: `${rateText(rate)} errors per robot-hour on ${version}, ${rateText(otherRate)} on other versions within 24 h (p = ${p.toPrecision(1)}).`,
        members,
        uncounted: each.uncounted,
      },
    ];
  });
}

const sumOf = (versions: readonly VersionNow[], member: 'errors' | 'hours'): number =>
  versions.reduce((sum, each) => sum + each[member], 0);

const rateText = (perHour: number): string => String(Number(perHour.toPrecision(2)));
