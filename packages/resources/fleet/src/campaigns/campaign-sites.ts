import type { FleetCampaignSite } from '@medkit/contract';
import { type FleetStore, optionalText } from '../fleet-context.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import { IN_PROGRESS } from './campaign-states.ts';
import type { SiteWindow } from './start-window.ts';

/** Sites that a campaign lists. */
const MAX_LISTED_SITES = 200;

/** Robots of a campaign at one site. Robots without a site are counted as one site. */
export interface SiteCount {
  readonly site: string | undefined;
  readonly robots: number;
  /** Those that change now. */
  readonly inProgress: number;
}

/** What limits the begin of robots at a site. */
export interface SiteLimit extends SiteCount, Partial<SiteWindow> {
  /** Robots that may change at a time; `undefined` without a limit. */
  readonly atATime: number | undefined;
}

/** Returns whether the limits of a plan depend on the site of a robot. */
export const hasSiteLimits = ({ perSitePercent, startWithin }: CampaignPlan): boolean =>
  perSitePercent !== undefined || startWithin !== undefined;

/** Returns the limits of sites. At least one robot of a site may change. */
export function siteLimits(
  { perSitePercent }: CampaignPlan,
  counts: readonly SiteCount[],
  windowOf: (site: string | undefined) => SiteWindow | undefined,
): readonly SiteLimit[] {
  return counts.map((count) => ({
    ...count,
    ...windowOf(count.site),
    atATime: perSitePercent === undefined ? undefined : Math.max(1, Math.floor((count.robots * perSitePercent) / 100)),
  }));
}

/** Counts the robots of a campaign by their present site. Retired robots are left out. */
export async function countSites(store: FleetStore, campaign: number): Promise<readonly SiteCount[]> {
  const rows = await store.read(
    `SELECT r.site, count(*) AS robots, sum(CASE WHEN q.state IN ${IN_PROGRESS} THEN 1 ELSE 0 END) AS in_progress
     FROM fleet_campaign_robots q JOIN fleet_robots r ON r.id = q.robot
     WHERE q.campaign = ? AND r.state <> 'retired' GROUP BY r.site ORDER BY coalesce(r.site, '')`,
    [campaign],
  );
  return rows.map(({ site, robots, in_progress }) => ({
    site: optionalText(site),
    robots: Number(robots),
    inProgress: Number(in_progress),
  }));
}

/** Returns the limits of sites as clients receive them; nothing if the plan has none. */
export function siteItems(
  plan: CampaignPlan,
  counts: readonly SiteCount[],
  windowOf: (site: string | undefined) => SiteWindow | undefined,
): { readonly sites?: FleetCampaignSite[] } {
  if (!hasSiteLimits(plan)) return {};
  return {
    sites: siteLimits(plan, counts.slice(0, MAX_LISTED_SITES), windowOf).map((limit) => ({
      ...(limit.site !== undefined && { site: limit.site }),
      ...{ robots: limit.robots, in_progress: limit.inProgress },
      ...(limit.atATime !== undefined && { at_a_time: limit.atATime }),
      ...(limit.zone !== undefined && { zone: limit.zone }),
      ...(limit.closed !== undefined && { waits_for: limit.closed }),
    })),
  };
}

/** Counts the targets of a campaign that does not exist by their site. */
export function countTargets(targets: readonly { readonly site: string | undefined }[]): readonly SiteCount[] {
  const sites = new Map<string, number>();
  for (const { site = '' } of targets) sites.set(site, (sites.get(site) ?? 0) + 1);
  return [...sites]
    .map(([site, robots]) => ({ site: site === '' ? undefined : site, robots, inProgress: 0 }))
    .toSorted((one, other) => ((one.site ?? '') < (other.site ?? '') ? -1 : 1));
}
