import type { FleetGrant } from '@medkit/contract';
import { t } from './texts.ts';

/** Describes a limit: `Site berlin`, `Site berlin, group night (viewer)`. */
export function limitText({ site, group, role }: FleetGrant): string {
  const places = [site && t.users.site(site), group && t.users.group(group)].filter(Boolean).join(', ');
  return role ? `${places} (${role})` : places;
}

/** Returns the limits that can be chosen: those of the account, then each site and group as a whole. */
export function limitChoices(
  grants: readonly FleetGrant[],
  sites: readonly { readonly id: string }[],
  groups: readonly { readonly id: string }[],
): readonly FleetGrant[] {
  const all = [...sites.map(({ id }) => ({ site: id })), ...groups.map(({ id }) => ({ group: id }))];
  const isTaken = (choice: FleetGrant) =>
    grants.some(({ site, group }) => (site ?? '') === (choice.site ?? '') && (group ?? '') === (choice.group ?? ''));
  return [...grants, ...all.filter((choice) => !isTaken(choice))];
}
