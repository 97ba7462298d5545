import type { Statement } from '@medkit/store';
import type { FleetContext } from '../fleet-context.ts';
import { readGroup } from '../groups/groups.ts';
import { filterValues, ROBOT_FILTERS } from '../groups/robot-filters.ts';
import type { StoredCampaign } from './campaign-rows.ts';

/** Robots of a campaign, retired ones included, up to which it takes further ones: twice as many as a hub may have. */
export const MAX_DYNAMIC_ROBOTS = 10_000;
/** Robots that one turn takes or leaves out: the others follow in the next turn. */
const MAX_CHANGED_ROBOTS = 200;
/** Why a robot is skipped; it is selected again if it matches again. */
const LEFT = 'it no longer matches the targets of the campaign';

/**
 * Follows the targets of a running campaign with `targets.dynamic`: robots that begin to match join the last wave, and robots
 * that no longer match are skipped unless they have begun. If the group was deleted, its robots do not change. Returns
 * whether a robot was taken or skipped.
 */
export async function followTargets(
  context: Pick<FleetContext, 'log' | 'store'>,
  { id, name, plan: { targets, waves } }: StoredCampaign,
  nowMs: number,
): Promise<boolean> {
  const { store, log } = context;
  const { group, site, exclude } = targets;
  if (targets.dynamic !== true || (group != null && !(await readGroup(store, group)))) return false;
  const values = {
    ...(await filterValues({ store }, { ...(site != null && { site }), ...(group != null && { group }) })),
    ...{ campaign: id, exclude: JSON.stringify(exclude ?? []) },
  };
  const matching = `${ROBOT_FILTERS} AND r.name NOT IN (SELECT value FROM json_each(:exclude))`;
  const read = async (column: string, sql: string, more: object = {}): Promise<readonly number[]> => {
    const rows = await store.read(`${sql} ORDER BY ${column} LIMIT ${MAX_CHANGED_ROBOTS}`, { ...values, ...more });
    return rows.map(({ robot }) => Number(robot));
  };
  const rows = 'SELECT q.robot FROM fleet_campaign_robots q JOIN fleet_robots r ON r.id = q.robot';
  const left = await read(
    'q.robot',
    `${rows} WHERE q.campaign = :campaign AND q.state IN ('selected', 'waiting') AND (${matching}) IS NOT TRUE`,
  );
  const returned = await read(
    'q.robot',
    `${rows} WHERE q.campaign = :campaign AND q.state = 'skipped' AND q.reason = :left AND ${matching}`,
    { left: LEFT },
  );
  const added = await read(
    'r.id',
    `SELECT r.id AS robot FROM fleet_robots r WHERE r.state = 'approved' AND ${matching}
     AND NOT EXISTS (SELECT 1 FROM fleet_campaign_robots q WHERE q.campaign = :campaign AND q.robot = r.id)`,
  );
  const taken =
    added.length === 0 ? [] : added.slice(0, Math.max(0, MAX_DYNAMIC_ROBOTS - (await countRobots(store, id))));
  if (left.length + returned.length + taken.length === 0) return false;
  if (taken.length > 0)
    log('info', `the campaign ${name} takes ${taken.length} robots that begin to match its targets`);
  await store.write([
    move(id, left, ['skipped', LEFT, "state IN ('selected', 'waiting')"], nowMs),
    move(id, returned, ['selected', null, "state = 'skipped'"], nowMs),
    {
      // A stop that is stored before this statement prevents it.
      sql: `INSERT INTO fleet_campaign_robots (campaign, robot, wave, state, since_ms)
            SELECT c.id, CAST(n.value AS INTEGER), CAST(? AS INTEGER), 'selected', CAST(? AS INTEGER)
            FROM fleet_campaigns c, json_each(?) n WHERE c.id = ? AND c.state = 'running'`,
      parameters: [waves.length, nowMs, JSON.stringify(taken), id],
    },
  ]);
  return true;
}

/** Returns the statement that moves robots of a running campaign to another state. */
const move = (
  campaign: number,
  robots: readonly number[],
  [state, reason, from]: readonly [string, string | null, string],
  nowMs: number,
): Statement => ({
  sql: `UPDATE fleet_campaign_robots SET state = ?, reason = ?, since_ms = ?, due_ms = ?, version = version + 1
        WHERE campaign = ? AND robot IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND ${from}
          AND EXISTS (SELECT 1 FROM fleet_campaigns c WHERE c.id = campaign AND c.state = 'running')`,
  parameters: [state, reason, nowMs, nowMs, campaign, JSON.stringify(robots)],
});

async function countRobots(store: FleetContext['store'], campaign: number): Promise<number> {
  const [row] = await store.read('SELECT count(*) AS n FROM fleet_campaign_robots WHERE campaign = ?', [campaign]);
  return Number(row?.n);
}
