import type { Permission } from '@medkit/contract';
import type { FleetScope, Principal } from '@medkit/core';
import type { Fleet, FleetView } from '@medkit/fleet';
import { stored } from '../../database/store-errors.ts';
import type { Need } from '../../security/authorise.ts';

/** Resolved views: accounts with equal grants share one. More are resolved again. */
const MAX_VIEWS = 256;

/** What limited principals see of the fleet. */
export interface FleetViews {
  /**
   * Returns the robots at which a principal has the permission `fleet.read` and those in `needs`; `undefined` for the
   * whole fleet. Throws `service-unavailable` if the record cannot be read.
   */
  of(principal: Pick<Principal, 'scopes'>, needs?: readonly Need[]): Promise<FleetView | undefined>;
  /** Returns the permissions of a principal at a robot; none if the robot does not exist for it. */
  permissionsAt(principal: Pick<Principal, 'permissions' | 'scopes'>, robot: string): Promise<ReadonlySet<Permission>>;
  /** Calls `listener` when robots may have entered or left views. Returns a function that stops it. */
  onChange(listener: () => void): () => void;
}

type Scopes = readonly (readonly FleetScope[])[];

/** Resolves views, and again after changes of robots, sites and groups. */
export function fleetViews(fleet: Pick<Fleet, 'onChange' | 'view'>): FleetViews {
  const views = new Map<string, Promise<FleetView>>();
  fleet.onChange(({ topic }) => {
    // A session may change the version of a robot, which groups select.
    if (topic === 'robot' || topic === 'presence' || topic === 'groups') views.clear();
  });
  const resolved = (scopes: Scopes): Promise<FleetView> => {
    const places = scopes.map((list) =>
      list.map(({ site, group }) => ({ ...(site !== undefined && { site }), ...(group !== undefined && { group }) })),
    );
    const key = JSON.stringify(places);
    const known = views.get(key);
    if (known) return known;
    if (views.size >= MAX_VIEWS) views.clear();
    const view = stored(() => fleet.view(places));
    views.set(key, view);
    view.catch(() => {
      if (views.get(key) === view) views.delete(key);
    });
    return view;
  };
  const of: FleetViews['of'] = async ({ scopes }, needs = []) => {
    if (scopes.length === 0) return undefined;
    const wanted = ['fleet.read' as const, ...needs].filter((need) => need !== 'public');
    return resolved(
      scopes.map((list) => list.filter(({ permissions }) => wanted.every((need) => permissions?.has(need) ?? true))),
    );
  };
  return {
    of,
    permissionsAt: async ({ permissions, scopes }, robot) => {
      if (scopes.length === 0) return permissions;
      const held = await Promise.all(
        [...permissions].map(async (each) => ((await of({ scopes }, [each]))?.robots.has(robot) ? [each] : [])),
      );
      return new Set(held.flat());
    },
    onChange: (listener) =>
      fleet.onChange(({ topic }) => {
        if (topic === 'robot' || topic === 'presence' || topic === 'groups') listener();
      }),
  };
}
