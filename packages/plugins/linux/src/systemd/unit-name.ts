import type { CgroupPaths } from '../proc/cgroup-paths.ts';

/** What processes run in. A slice only groups such units. */
const UNIT = /^[A-Za-z0-9:_.\\@-]+\.(?:service|scope|socket|mount|swap)$/;

/** As long as systemd allows a unit's name to be. */
const MAX_UNIT_NAME = 255;

/** True for the full name of a unit, which is then safe as an argument of `systemctl`. */
export function isUnitName(name: string): boolean {
  return name.length <= MAX_UNIT_NAME && !name.startsWith('-') && UNIT.test(name);
}

/**
 * The unit of the system that a process belongs to: the uppermost that is no slice. What a user's own systemd runs belongs
 * to `user@<uid>.service`. `undefined` where systemd did not start it.
 */
export function unitOf({ unified, systemd }: CgroupPaths): string | undefined {
  return unitIn(unified) ?? unitIn(systemd);
}

function unitIn(path = ''): string | undefined {
  // systemd puts an underscore before names that the kernel uses itself.
  const parts = path.split('/').map((part) => part.replace(/^_/, ''));
  return parts.find((part) => isUnitName(part));
}

/** `service` of `lidar.service`. */
export function unitType(unit: string): string {
  return unit.slice(unit.lastIndexOf('.') + 1);
}
