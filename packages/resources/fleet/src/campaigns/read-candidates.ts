import type { Row } from '@medkit/store';
import { type FleetContext, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { logIsRead } from '../robots/robot-rows.ts';
import { orderOf, robotOf, type StoredCampaign, type StoredRobot } from './campaign-rows.ts';
import { countSites, hasSiteLimits, siteLimits } from './campaign-sites.ts';
import { IN_PROGRESS, NOT_BEGUN, OCCUPIED } from './campaign-states.ts';
import { CONDITION_RETRY_MS } from './condition-step.ts';
import { type CampaignFacts, WAITS } from './robot-step.ts';
import { type SiteWindow, siteWindows } from './start-window.ts';

/** Robots of one campaign that one turn looks at: the others follow in the next turn. */
const MAX_ROBOTS_OF_TURN = 200;
/** Whether another campaign of the kind changes the robot. */
const IS_BUSY = `EXISTS (SELECT 1 FROM fleet_campaign_robots o JOIN fleet_campaigns c ON c.id = o.campaign
  WHERE o.robot = q.robot AND o.campaign <> q.campaign AND o.state IN ${OCCUPIED}
    AND c.kind = (SELECT m.kind FROM fleet_campaigns m WHERE m.id = q.campaign))`;

/** The newest session of a robot, and how far its log is read. */
const SESSION = `k.epoch, ${logIsRead('k')} AS is_read`;
/** Robots of campaigns with their newest session, and how far their log is read. */
const CANDIDATES = `SELECT q.*, r.name, r.online, r.site, ${SESSION} FROM fleet_campaign_robots q
  JOIN fleet_robots r ON r.id = q.robot JOIN fleet_cursors k ON k.robot = q.robot`;

/**
 * Robots of open waves that have not begun, with `place`: why they cannot begin, or `free`. With `bySite`, `closed` is the
 * reason of a site at which none begins, and the first ones of each other site have its free places, by wave and robot: an
 * order that does not depend on the stored reasons. A robot whose condition was not fulfilled takes no place until it is asked
 * again at `due_ms`, which is before `soon` unless the clock was set back.
 */
const beginners = (bySite: boolean): string => `(
  SELECT m.*, ${
    bySite
      ? `s.closed, CASE WHEN m.obstacle = 'offline' THEN 'offline' WHEN s.closed IS NOT NULL THEN 'closed'
       WHEN m.obstacle <> 'free' OR s.places IS NULL THEN m.obstacle
       WHEN row_number() OVER (PARTITION BY m.at_site, m.obstacle ORDER BY m.wave, m.robot) > s.places THEN 'site'
       ELSE 'free' END`
      : 'm.obstacle'
  } AS place
  FROM (SELECT q.*, r.name, r.online, r.site, ${SESSION}, coalesce(r.site, '') AS at_site,
      CASE WHEN r.online = 0 THEN 'offline' WHEN ${IS_BUSY} THEN 'busy'
        WHEN q.due_ms > :at AND q.due_ms <= :soon THEN 'condition' ELSE 'free' END AS obstacle
    FROM fleet_campaign_robots q JOIN fleet_robots r ON r.id = q.robot JOIN fleet_cursors k ON k.robot = q.robot
    WHERE q.campaign = :campaign AND q.state IN ('selected', 'waiting') AND q.wave <= :newest AND r.state = 'approved') m
  ${
    bySite
      ? `JOIN (SELECT json_extract(l.value, '$[0]') AS site, CAST(json_extract(l.value, '$[1]') AS INTEGER) AS places,
      json_extract(l.value, '$[2]') AS closed
    FROM json_each(:sites) l) s ON s.site = m.at_site`
      : ''
  }) n`;

type CandidateContext = Pick<FleetContext, 'clock' | 'schedules' | 'store'>;

/** A robot of a campaign with what is known about it. */
export interface Candidate {
  readonly robot: StoredRobot;
  readonly name: string;
  readonly facts: CampaignFacts;
}

/** Reads one robot; `undefined` if its row has another version. */
export async function readCandidate(
  context: CandidateContext,
  campaign: StoredCampaign,
  { robot, version }: Pick<StoredRobot, 'robot' | 'version'>,
): Promise<Candidate | undefined> {
  const [row] = await context.store.read(`${CANDIDATES} WHERE q.campaign = ? AND q.robot = ? AND q.version = ?`, [
    campaign.id,
    robot,
    version,
  ]);
  return row && candidateOf(row, await presentOf(context, campaign));
}

/**
 * Reads the robots that a turn changes: those under way that are due, those that may begin, those whose reason to wait has
 * changed, and those that expire, are cancelled or are rolled back.
 */
export async function readCandidates(
  context: CandidateContext,
  campaign: StoredCampaign,
): Promise<readonly Candidate[]> {
  const { id, plan, rollBack } = campaign;
  const present = await presentOf(context, campaign);
  const { at, newest } = present;
  const matching = async (limit: number, condition: string, ...values: readonly number[]) => {
    const rows = await context.store.read(
      `${CANDIDATES} WHERE q.campaign = ? AND r.state <> 'retired' AND ${condition} ORDER BY q.due_ms, q.robot LIMIT ${limit}`,
      [id, ...values],
    );
    return rows.map((row) => candidateOf(row, present));
  };
  const due = await matching(MAX_ROBOTS_OF_TURN, `q.state IN ${OCCUPIED} AND q.due_ms <= ?`, at);
  switch (orderOf(campaign, newest, newest, at)) {
    case 'hold':
      return due;
    case 'roll_back': {
      const wave = rollBack === 'roll_back_wave' ? newest : 0;
      const touched = "q.touched = 1 AND q.state IN ('soaking', 'done', 'lost') AND q.wave >= ?";
      return [...due, ...(await matching(plan.inProgress, touched, wave))];
    }
    case 'go': {
      const [taken] = await context.store.read(
        `SELECT count(*) AS n FROM fleet_campaign_robots q JOIN fleet_robots r ON r.id = q.robot
         WHERE q.campaign = ? AND q.state IN ${IN_PROGRESS} AND r.state <> 'retired'`,
        [id],
      );
      const places = Math.max(0, Math.min(MAX_ROBOTS_OF_TURN, plan.inProgress - Number(taken?.n)));
      return [...due, ...(await readBeginners(context, present, places))];
    }
    default:
      return [...due, ...(await matching(MAX_ROBOTS_OF_TURN, `q.state IN ${NOT_BEGUN}`))];
  }
}

/** Reads the robots that begin, as many as there are places, and those that wait for another reason than the stored one. */
async function readBeginners(
  { store }: CandidateContext,
  present: Present,
  places: number,
): Promise<readonly Candidate[]> {
  const { campaign, newest, at } = present;
  const bySite = hasSiteLimits(campaign.plan);
  const values = {
    ...{ campaign: campaign.id, newest, at, soon: at + CONDITION_RETRY_MS },
    ...(bySite && { sites: await readSites(store, present) }),
  };
  const from = beginners(bySite);
  const beginning = await store.read(
    `SELECT n.* FROM ${from} WHERE n.place = 'free' ORDER BY n.due_ms, n.robot LIMIT ${places}`,
    values,
  );
  const waiting = await store.read(
    `SELECT n.* FROM ${from} WHERE n.place <> 'condition' AND n.reason IS DISTINCT FROM CASE n.place WHEN 'offline' THEN CAST(:offline AS TEXT)
       WHEN 'busy' THEN CAST(:busy AS TEXT)${bySite ? " WHEN 'site' THEN CAST(:site AS TEXT) WHEN 'closed' THEN n.closed" : ''} ELSE CAST(:full AS TEXT) END
     ORDER BY n.robot LIMIT ${MAX_ROBOTS_OF_TURN}`,
    { ...values, offline: WAITS.offline, busy: WAITS.busy, full: WAITS.full, ...(bySite && { site: WAITS.site }) },
  );
  const begins = new Set(beginning.map(({ robot }) => Number(robot)));
  return [
    ...beginning.map((row) => candidateOf(row, present)),
    ...waiting.flatMap((row) => (begins.has(Number(row.robot)) ? [] : [candidateOf(row, present, placeOf(row))])),
  ];
}

/** Returns why a robot waits. The facts have the other reasons besides. */
const placeOf = ({ place }: Row): CampaignFacts['place'] => (place === 'busy' || place === 'site' ? place : 'full');

/** Returns the free places and the closed window of each site as JSON; NULL is no limit. */
async function readSites(
  store: CandidateContext['store'],
  { campaign: { id, plan }, windowOf }: Present,
): Promise<string> {
  const limits = siteLimits(plan, await countSites(store, id), windowOf);
  return JSON.stringify(
    limits.map(({ site, atATime, inProgress, closed }) => [
      site ?? '',
      atATime === undefined ? null : Math.max(0, atATime - inProgress),
      closed ?? null,
    ]),
  );
}

/** What candidates of a campaign are judged by. */
interface Present {
  readonly campaign: StoredCampaign;
  /** Number of the newest open wave. */
  readonly newest: number;
  readonly at: number;
  readonly windowOf: (site: string | undefined) => SiteWindow | undefined;
}

async function presentOf(context: CandidateContext, campaign: StoredCampaign): Promise<Present> {
  const at = nowMs(context);
  const windowOf = siteWindows(campaign.plan.startWithin, context.schedules, at);
  return { campaign, newest: await newestWave(context, campaign.id), at, windowOf };
}

async function newestWave({ store }: CandidateContext, campaign: number): Promise<number> {
  const sql = 'SELECT max(wave) AS wave FROM fleet_campaign_waves WHERE campaign = ? AND opened_ms IS NOT NULL';
  const [row] = await store.read(sql, [campaign]);
  return Number(row?.wave ?? 0);
}

function candidateOf(
  row: Row,
  { campaign, newest, at, windowOf }: Present,
  place: CampaignFacts['place'] = 'free',
): Candidate {
  const robot = robotOf(row);
  return {
    robot,
    name: textOf(row.name!),
    facts: {
      nowMs: at,
      isOnline: Number(row.online) === 1,
      order: orderOf(campaign, robot.wave, newest, at),
      isWaveOpen: robot.wave <= newest,
      place,
      session: { epoch: Number(row.epoch ?? 0), isRead: Number(row.is_read) === 1 },
      closed: windowOf(optionalText(row.site))?.closed,
    },
  };
}
