import type { Parameters, Row } from '@medkit/store';
import { type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { orderOf, robotOf, type StoredCampaign, type StoredRobot } from './campaign-rows.ts';
import { IN_PROGRESS, NOT_BEGUN, OCCUPIED } from './campaign-states.ts';
import { type CampaignFacts, WAITS } from './robot-step.ts';

/** Robots of one campaign that one turn looks at: the others follow in the next turn. */
const MAX_ROBOTS_OF_TURN = 200;
/** Whether another campaign of the kind changes the robot. */
const IS_BUSY = `EXISTS (SELECT 1 FROM fleet_campaign_robots o JOIN fleet_campaigns c ON c.id = o.campaign
  WHERE o.robot = q.robot AND o.campaign <> q.campaign AND o.state IN ${OCCUPIED}
    AND c.kind = (SELECT m.kind FROM fleet_campaigns m WHERE m.id = q.campaign))`;
const MAY_BEGIN = `q.state IN ('selected', 'waiting') AND q.wave <= ? AND r.state = 'approved'`;

/** Robots of campaigns with their newest session, and how far their log is read. */
const CANDIDATES = `SELECT q.*, r.name, r.online, k.epoch, k.state_epoch, k.seq, k.newest FROM fleet_campaign_robots q
  JOIN fleet_robots r ON r.id = q.robot JOIN fleet_cursors k ON k.robot = q.robot`;

type CandidateContext = Pick<FleetContext, 'clock' | 'store'>;

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
  return row && candidateOf(row, campaign, await newestWave(context, campaign.id), nowMs(context));
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
  const at = nowMs(context);
  const newest = await newestWave(context, id);
  const matching = async (limit: number, condition: string, ...values: readonly number[]) => {
    const rows = await context.store.read(
      `${CANDIDATES} WHERE q.campaign = ? AND r.state <> 'retired' AND ${condition} ORDER BY q.due_ms, q.robot LIMIT ${limit}`,
      [id, ...values],
    );
    return rows.map((row) => candidateOf(row, campaign, newest, at));
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
      const beginning = await matching(places, `${MAY_BEGIN} AND r.online = 1 AND NOT ${IS_BUSY}`, newest);
      const begins = new Set(beginning.map(({ robot }) => robot.robot));
      const waiting = (await readWaiting(context, id, newest))
        .map((row) => candidateOf(row, campaign, newest, at, row.place === 'busy' ? 'busy' : 'full'))
        .filter(({ robot }) => !begins.has(robot.robot));
      return [...due, ...beginning, ...waiting];
    }
    default:
      return [...due, ...(await matching(MAX_ROBOTS_OF_TURN, `q.state IN ${NOT_BEGUN}`))];
  }
}

/** Reads robots of open waves that wait for another reason than the stored one. */
function readWaiting({ store }: CandidateContext, campaign: number, newest: number): Promise<readonly Row[]> {
  const values: Parameters = [campaign, newest, WAITS.offline, WAITS.busy, WAITS.full];
  return store.read(
    `SELECT n.* FROM (SELECT q.*, r.name, r.online,
         CASE WHEN r.online = 0 THEN 'offline' WHEN ${IS_BUSY} THEN 'busy' ELSE 'full' END AS place
       FROM fleet_campaign_robots q JOIN fleet_robots r ON r.id = q.robot
       WHERE q.campaign = ? AND ${MAY_BEGIN}) n
     WHERE n.reason IS DISTINCT FROM CASE n.place WHEN 'offline' THEN CAST(? AS TEXT) WHEN 'busy' THEN CAST(? AS TEXT)
       ELSE CAST(? AS TEXT) END
     ORDER BY n.robot LIMIT ${MAX_ROBOTS_OF_TURN}`,
    values,
  );
}

async function newestWave({ store }: CandidateContext, campaign: number): Promise<number> {
  const sql = 'SELECT max(wave) AS wave FROM fleet_campaign_waves WHERE campaign = ? AND opened_ms IS NOT NULL';
  const [row] = await store.read(sql, [campaign]);
  return Number(row?.wave ?? 0);
}

function candidateOf(
  row: Row,
  campaign: StoredCampaign,
  newest: number,
  at: number,
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
      session: sessionOf(row),
    },
  };
}

/** Returns the newest session. Its log is read up to the state that the robot sent at its begin. */
function sessionOf({ epoch, state_epoch: stateEpoch, seq, newest }: Row): CampaignFacts['session'] {
  const isRead = stateEpoch != null && Number(stateEpoch) === Number(epoch) && Number(seq) >= Number(newest);
  return { epoch: Number(epoch ?? 0), isRead };
}
