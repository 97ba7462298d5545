import { type FleetStore, textOf } from '../fleet-context.ts';

/** Changes of this time are read: an outbreak is found some time after it began, and was caused up to a day before. */
const RECENT_MS = 2 * 86_400_000;
/** Changes that are read, the newest: each robot of the largest hub once. */
const MAX_CHANGES = 10_000;

/** The beginning of a change of one robot by a campaign. */
export interface CampaignChange {
  readonly robot: string;
  readonly campaign: string;
  readonly atMs: number;
}

/** Reads the recent changes of robots by campaigns. */
export async function recentCampaignChanges(store: FleetStore, nowMs: number): Promise<readonly CampaignChange[]> {
  const rows = await store.read(
    `SELECT r.name, c.name AS campaign, q.changed_ms FROM fleet_campaign_robots q
     JOIN fleet_campaigns c ON c.id = q.campaign JOIN fleet_robots r ON r.id = q.robot
     WHERE q.changed_ms > ? ORDER BY q.changed_ms DESC, c.id, r.id LIMIT ${MAX_CHANGES}`,
    [nowMs - RECENT_MS],
  );
  return rows.map(({ name, campaign, changed_ms: atMs }) => ({
    robot: textOf(name!),
    campaign: textOf(campaign!),
    atMs: Number(atMs),
  }));
}

/** Returns whether a campaign that runs has changed the robot. */
export async function isInRunningCampaign(store: FleetStore, robot: number): Promise<boolean> {
  const [row] = await store.read(
    `SELECT EXISTS (SELECT 1 FROM fleet_campaign_robots q JOIN fleet_campaigns c ON c.id = q.campaign
       WHERE q.robot = ? AND q.changed_ms IS NOT NULL AND c.state = 'running') AS found`,
    [robot],
  );
  return Number(row?.found) === 1;
}
