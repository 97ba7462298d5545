import { type FleetStore, optionalText, textOf } from '../fleet-context.ts';
import { type FleetView, inView, viewValues } from '../fleet-view.ts';
import { groupMembers } from '../groups/robot-filters.ts';
import type { FleetOutbreak } from './outbreak-rows.ts';
import { outbreakInView } from './outbreak-view.ts';
import { type RobotPlace, surroundingsOf } from './surroundings.ts';

/**
 * Robots of all outbreaks in memory, about 30 MB. Limited accounts have no outbreak that is older than these: more happen
 * only in a large fleet in which everything fails.
 */
export const MAX_HELD_MEMBERS = 100_000;

/** The outbreaks from which limited callers have their part. */
export interface LimitedOutbreaks {
  /** Number of the last addition. */
  readonly revision: number;
  /** Adds an outbreak, or its next state. */
  add(outbreak: FleetOutbreak): void;
  /** Returns the outbreaks that concern robots of a view, as a caller of this view has them. Rejects with a `StoreError`. */
  within(view: FleetView): Promise<readonly FleetOutbreak[]>;
}

/** Holds outbreaks, of which the oldest are removed if they have too many robots. */
export function limitedOutbreaks(store: FleetStore, max = MAX_HELD_MEMBERS): LimitedOutbreaks {
  const held = new Map<number, FleetOutbreak>();
  let [members, revision] = [0, 0];
  const remove = (id: number): void => {
    members -= held.get(id)?.members.length ?? 0;
    held.delete(id);
  };
  return {
    get revision() {
      return revision;
    },
    add: (outbreak) => {
      revision += 1;
      remove(outbreak.id);
      held.set(outbreak.id, outbreak);
      members += outbreak.members.length;
      if (members <= max) return;
      for (const id of [...held.keys()].sort((one, other) => one - other)) {
        if (members <= max) return;
        remove(id);
      }
    },
    within: async (view) => {
      const around = surroundingsOf(await robotsIn(store, view), await groupMembers({ store, view }));
      return [...held.values()].flatMap((outbreak) => outbreakInView(outbreak, view, around) ?? []);
    },
  };
}

/** Reads the robots of a view with which outbreaks are compared. */
async function robotsIn(store: FleetStore, view: FleetView): Promise<readonly RobotPlace[]> {
  const rows = await store.read(
    `SELECT r.name, r.site, coalesce(r.software, r.medkit) AS version FROM fleet_robots r
     WHERE r.state IN ('approved', 'quarantined') AND ${inView('r.id')}`,
    viewValues({ view }),
  );
  return rows.map((row) => ({
    name: textOf(row.name!),
    site: optionalText(row.site),
    version: optionalText(row.version),
  }));
}
