import { ERROR_SEVERITY, WARNING_SEVERITY } from '../fault-severity.ts';
import { compareReleases } from '../issues/regression.ts';
import type { Finding, OutbreakSettings, RobotNow, Windows } from './windows.ts';

/** Name of a version that no robot has stated. */
const UNKNOWN = 'unknown';

/**
 * Finds versions of medkit that are too old: the hub refuses their robots, or they are older than the setting. One
 * outbreak has all robots of a version. A version without three numbers is not compared.
 */
export function findOldVersions({ nowMs, robots }: Windows, { oldestMedkit }: OutbreakSettings): readonly Finding[] {
  const isOlder = ({ medkit }: RobotNow): boolean =>
    medkit !== undefined && oldestMedkit !== undefined && (compareReleases(medkit, oldestMedkit) ?? 0) < 0;
  const old = robots.filter((robot) => robot.outdatedMs !== undefined || isOlder(robot));
  return [...Map.groupBy(old, ({ medkit }) => medkit ?? UNKNOWN)].map(([version, all]): Finding => {
    const refused = all.filter(({ outdatedMs }) => outdatedMs !== undefined).length;
    return {
      kind: 'version_too_old',
      subject: version,
      strength: 'opens',
      severity: refused > 0 ? ERROR_SEVERITY : WARNING_SEVERITY,
      name: version,
      about:
        refused > 0
          ? `The hub refuses ${refused} of ${all.length} robots with medkit ${version}: update medkit on them.`
          : `fleet.oldest_medkit is ${oldestMedkit}, and ${all.length} robots have medkit ${version}: update them.`,
      members: all.map(({ name, site, outdatedMs }) => ({
        robot: name,
        beganMs: outdatedMs ?? nowMs,
        severity: outdatedMs === undefined ? WARNING_SEVERITY : ERROR_SEVERITY,
        ...(site !== undefined && { site }),
        version,
      })),
      uncounted: 0,
    };
  });
}
