import { FLEET_ROBOT_NAME } from '@medkit/contract';
import type { Enrolment } from '@medkit/tunnel';
import { FleetInvalid } from '../fleet-refused.ts';

const MAX_NAME_CHARS = 63;
const NAME = new RegExp(`^${FLEET_ROBOT_NAME}$`);
const PLACEHOLDER = /\{(\w*)\}/g;
/** Facts of the machine that a pattern may contain. */
const FACTS = ['serial', 'name', 'model'] as const;
/** Pattern of an invitation that has no name and no pattern. */
export const USUAL_PATTERN = '{name}';

/** Checks the name of a robot. Throws `FleetInvalid`. */
export function checkRobotName(name: string): void {
  if (NAME.test(name)) return;
  throw new FleetInvalid(
    `"${name}" is not the name of a robot: use 1 to ${MAX_NAME_CHARS} lower-case letters, digits and hyphens, beginning with a letter or digit`,
  );
}

/** Checks the pattern of an invitation: a name with at least one placeholder. Throws `FleetInvalid`. */
export function checkPattern(pattern: string): void {
  const names = [...pattern.matchAll(PLACEHOLDER)].map(([, name]) => name);
  const unknown = names.find((name) => !FACTS.some((fact) => fact === name));
  const rest = pattern.replaceAll(PLACEHOLDER, '0');
  if (names.length > 0 && unknown === undefined && NAME.test(rest)) return;
  throw new FleetInvalid(
    `"${pattern}" is not a pattern for names of robots: use lower-case letters, digits, hyphens and ${FACTS.map((fact) => `{${fact}}`).join(', ')}, such as amr-{serial}`,
  );
}

/**
 * Returns the name that a pattern gives a machine: letters become lower-case, and other characters hyphens. Returns the
 * placeholder whose fact the machine did not report, as `missing`.
 */
export function nameFromPattern(
  pattern: string,
  machine: Enrolment['machine'],
): { readonly name: string } | { readonly missing: string } {
  let missing: string | undefined;
  const text = pattern.replaceAll(PLACEHOLDER, (_, fact: (typeof FACTS)[number]) => {
    const value = normalized(machine[fact] ?? '');
    if (value === '') missing ??= fact;
    return value;
  });
  return missing === undefined ? { name: normalized(text).slice(0, MAX_NAME_CHARS) } : { missing };
}

/** Returns a name with a number at its end, within the maximum length. */
export const numberedName = (name: string, number: number): string =>
  number === 1 ? name : `${name.slice(0, MAX_NAME_CHARS - 1 - `${number}`.length)}-${number}`;

const normalized = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
