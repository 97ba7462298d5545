import type { FleetGrant } from '@medkit/contract';
import { t } from './texts.ts';

/** Describes the robots of a limit: `Site berlin, Group night`. */
export const placeText = ({ site, group }: FleetGrant): string =>
  [site && t.users.site(site), group && t.users.group(group)].filter(Boolean).join(', ');

/** Describes a limit: `Site berlin`, `Site berlin, Group night (viewer)`. */
export const limitText = (limit: FleetGrant): string =>
  limit.role ? `${placeText(limit)} (${limit.role})` : placeText(limit);

/** Identifies the robots of a limit. An account has at most one limit with the same key. */
export const placeKey = ({ site = '', group = '' }: FleetGrant): string => JSON.stringify([site, group]);

/** The role of each chosen limit by its place key; empty for the role of the account. */
export type ChosenRoles = ReadonlyMap<string, string>;

export const rolesOf = (limits: readonly FleetGrant[]): ChosenRoles =>
  new Map(limits.map((limit) => [placeKey(limit), limit.role ?? '']));

/** Returns the chosen limits with their roles. */
export const chosenLimits = (choices: readonly FleetGrant[], chosen: ChosenRoles): FleetGrant[] =>
  choices.flatMap((choice) => {
    const { role: _, ...place } = choice;
    const role = chosen.get(placeKey(choice));
    return role === undefined ? [] : [{ ...place, ...(role && { role }) }];
  });

/** Returns the limits that can be chosen: those of the account, then each site and group as a whole. */
export function limitChoices(
  grants: readonly FleetGrant[],
  sites: readonly { readonly id: string }[],
  groups: readonly { readonly id: string }[],
): readonly FleetGrant[] {
  const taken = rolesOf(grants);
  const all = [...sites.map(({ id }) => ({ site: id })), ...groups.map(({ id }) => ({ group: id }))];
  return [...grants, ...all.filter((choice) => !taken.has(placeKey(choice)))];
}
