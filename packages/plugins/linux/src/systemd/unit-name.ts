import type { CgroupPaths } from '../proc/cgroup-paths.ts';

/** Types of units that contain processes. A slice only groups such units. */
const UNIT = /^[A-Za-z0-9:_.\\@-]+\.(?:service|scope|socket|mount|swap)$/;

/** Maximum length of a unit name in systemd. */
const MAX_UNIT_NAME = 255;

/** Returns whether the text is a full unit name, which is safe as an argument of `systemctl`. */
export function isUnitName(name: string): boolean {
  return name.length <= MAX_UNIT_NAME && !name.startsWith('-') && UNIT.test(name);
}

/**
 * Returns the system unit of a process: the outermost that is not a slice. Processes of a user's systemd belong to
 * `user@<uid>.service`. Returns `undefined` if systemd did not start the process.
 */
export function unitOf({ unified, systemd }: CgroupPaths): string | undefined {
  return unitIn(unified) ?? unitIn(systemd);
}

function unitIn(path = ''): string | undefined {
  // systemd prefixes names that the kernel uses with an underscore.
  const parts = path.split('/').map((part) => part.replace(/^_/, ''));
  return parts.find((part) => isUnitName(part));
}

/** Returns `service` for `lidar.service`. */
export function unitType(unit: string): string {
  return unit.slice(unit.lastIndexOf('.') + 1);
}
