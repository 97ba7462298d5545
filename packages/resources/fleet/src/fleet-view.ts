import type { SqlValue } from '@medkit/store';
import { FleetOutside } from './fleet-refused.ts';

/** The robots, sites and groups that a caller may see. All other ones do not exist for it. */
export interface FleetView {
  /** Names of the robots. */
  readonly robots: ReadonlySet<string>;
  /** Numbers of the robots, as a JSON array for `inView`. */
  readonly numbers: string;
  /** Sites all of whose robots are in the view, also those that are added later. */
  readonly wholeSites: ReadonlySet<string>;
  /** Sites with at least one robot in the view, and the whole ones. */
  readonly sites: ReadonlySet<string>;
  /** Groups with at least one robot in the view. */
  readonly groups: ReadonlySet<string>;
}

/** What is limited to a view; without one, it concerns the whole fleet. */
export interface Viewed {
  readonly view?: FleetView;
}

/**
 * Returns the condition that a statement on robots needs: that the robot with the number in `column` is in the view.
 * The statement also needs the values of `viewValues`.
 */
export const inView = (column: string): string => `(:view IS NULL OR ${column} IN ${VIEW_ROBOTS})`;

/** The numbers of the robots in the view of a limited caller. */
export const VIEW_ROBOTS = '(SELECT CAST(value AS INTEGER) FROM json_each(:view))';

/** Returns the value of `inView`. */
export const viewValues = ({ view }: Viewed): Readonly<Record<'view', SqlValue>> => ({ view: view?.numbers ?? null });

/** Returns whether a robot exists for the caller. */
export const isVisible = ({ view }: Viewed, robot: string): boolean => !view || view.robots.has(robot);

/**
 * Checks that the caller decides over a whole site: all of its robots, also those that are added later. `undefined` is
 * a robot without a site. Throws `FleetOutside`.
 */
export function assertWholeSite({ view }: Viewed, site: string | undefined): void {
  if (!view || (site !== undefined && view.wholeSites.has(site))) return;
  const sites = [...view.wholeSites].sort();
  const remedy = sites.length === 0 ? 'it has no whole site' : `set the site to ${sites.join(' or ')}`;
  throw new FleetOutside(
    `Your account is limited and may not decide over ${site === undefined ? 'robots without a site' : `the site ${site}`}: ${remedy}`,
  );
}
