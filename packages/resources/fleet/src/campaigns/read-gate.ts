import type { FleetCampaignCounts } from '@medkit/contract';
import { ERROR_SEVERITY } from '../fault-severity.ts';
import { DAY_MS, type FleetStore, HOUR_MS, textOf } from '../fleet-context.ts';
import type { StoredCampaign, StoredWave } from './campaign-rows.ts';
import type { GateFacts } from './judge-gate.ts';

/** Time before the campaign in which an issue is not new. */
const KNOWN_MS = 30 * DAY_MS;
/** Longest window of rates, before and after the change. */
const MAX_WINDOW_MS = 7 * DAY_MS;

/** Occurrences whose time is certain enough to be before or after a change. */
const CERTAIN = `o.uncertain_ms <= ${DAY_MS}`;

/** Reads what the gate of a campaign judges. */
export async function readGate(
  store: FleetStore,
  campaign: StoredCampaign,
  waves: readonly StoredWave[],
  states: ReadonlyMap<number, FleetCampaignCounts> | undefined,
  nowMs: number,
): Promise<GateFacts> {
  return {
    waves: waves.map(({ wave, openedMs, approvedMs }) => ({
      isOpen: openedMs !== undefined,
      isApproved: approvedMs !== undefined,
      states: states?.get(wave) ?? {},
    })),
    newIssues: await newIssues(store, campaign),
    rates: await errorRates(store, campaign.id, nowMs),
  };
}

/** Issues on changed robots of which no occurrence without the change is known. */
async function newIssues(store: FleetStore, { id, plan, createdMs }: StoredCampaign): Promise<GateFacts['newIssues']> {
  const { severity, robots } = plan.gate.newIssue;
  const rows = await store.read(
    `SELECT i.rule, i.code, i.entity, n.robots FROM (
       SELECT o.issue, count(DISTINCT o.robot) AS robots FROM fleet_campaign_robots q
       JOIN fleet_occurrences o ON o.robot = q.robot AND o.began_ms >= q.changed_ms
       WHERE q.campaign = :campaign AND o.severity >= :severity AND o.issue IS NOT NULL AND ${CERTAIN}
       GROUP BY o.issue HAVING count(DISTINCT o.robot) >= :robots) n
     JOIN fleet_issues i ON i.id = n.issue
     WHERE NOT EXISTS (SELECT 1 FROM fleet_occurrences p WHERE p.issue = n.issue AND p.began_ms >= :since
       AND NOT EXISTS (SELECT 1 FROM fleet_campaign_robots x
         WHERE x.campaign = :campaign AND x.robot = p.robot AND x.changed_ms <= p.began_ms))
     ORDER BY n.robots DESC, i.id LIMIT 1`,
    { campaign: id, severity, robots, since: createdMs - KNOWN_MS },
  );
  return rows.map((row) => {
    const entity = row.entity == null ? '' : ` of ${textOf(row.entity)}`;
    return { name: row.rule == null ? `${textOf(row.code!)}${entity}` : textOf(row.rule), robots: Number(row.robots) };
  });
}

/** Errors per robot-hour: since the change, for as long before it, and of the other robots since the first change. */
async function errorRates(store: FleetStore, campaign: number, nowMs: number): Promise<GateFacts['rates']> {
  const values = { campaign, now: nowMs, window: nowMs - MAX_WINDOW_MS };
  const [row] = await store.read(
    `SELECT n.robots, n.ms, n.first_ms,
       (SELECT count(*) FROM fleet_campaign_robots q JOIN fleet_occurrences o ON o.robot = q.robot
        WHERE q.campaign = :campaign AND o.began_ms >= max(q.changed_ms, :window) AND o.began_ms <= :now
          AND o.severity >= ${ERROR_SEVERITY} AND ${CERTAIN}) AS after_n,
       (SELECT count(*) FROM fleet_campaign_robots q JOIN fleet_occurrences o ON o.robot = q.robot
        WHERE q.campaign = :campaign AND o.began_ms < q.changed_ms
          AND o.began_ms >= q.changed_ms - (:now - max(q.changed_ms, :window))
          AND o.severity >= ${ERROR_SEVERITY} AND ${CERTAIN}) AS before_n,
       (SELECT count(*) FROM fleet_robots r WHERE r.state = 'approved' AND NOT EXISTS (SELECT 1
          FROM fleet_campaign_robots q WHERE q.campaign = :campaign AND q.robot = r.id AND q.changed_ms IS NOT NULL)) AS others,
       (SELECT count(*) FROM fleet_occurrences o JOIN fleet_robots r ON r.id = o.robot
        WHERE r.state = 'approved' AND o.began_ms >= n.first_ms AND o.began_ms <= :now AND o.severity >= ${ERROR_SEVERITY}
          AND ${CERTAIN} AND NOT EXISTS (SELECT 1 FROM fleet_campaign_robots q
            WHERE q.campaign = :campaign AND q.robot = r.id AND q.changed_ms IS NOT NULL)) AS others_n
     FROM (SELECT count(*) AS robots, sum(:now - max(changed_ms, :window)) AS ms,
             max(min(changed_ms), :window) AS first_ms
           FROM fleet_campaign_robots WHERE campaign = :campaign AND changed_ms IS NOT NULL) n`,
    values,
  );
  const none = { count: 0, hours: 0 };
  if (!row || Number(row.robots) === 0) return { changed: none, before: none, others: none };
  const hours = Math.max(0, Number(row.ms)) / HOUR_MS;
  const otherHours = (Number(row.others) * Math.max(0, nowMs - Number(row.first_ms))) / HOUR_MS;
  return {
    changed: { count: Number(row.after_n), hours },
    before: { count: Number(row.before_n), hours },
    others: { count: Number(row.others_n), hours: otherHours },
  };
}
