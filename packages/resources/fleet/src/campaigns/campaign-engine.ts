import type { Permission } from '@medkit/contract';
import type { FleetContext } from '../fleet-context.ts';
import type { RobotCall, RobotReply } from '../requests/robot-request.ts';
import { permissionsOf } from './campaign-plan.ts';
import { campaignOf, type StoredCampaign, type StoredRobot, storeRobot } from './campaign-rows.ts';
import { continueCampaign } from './continue-campaign.ts';
import { step } from './kind-steps.ts';
import { type Candidate, readCandidate, readCandidates } from './read-candidates.ts';
import type { CampaignTurn } from './robot-step.ts';
import { BEGINS_SCRIPT } from './script-calls.ts';

/** Requests to one robot, to be sent one after the other until a reply is a refusal. */
export interface CampaignWork {
  readonly campaign: string;
  readonly robot: string;
  readonly createdBy: string;
  /** The permissions that the change needs on the robot. */
  readonly permissions: readonly Permission[];
  /** Whether the account must have them now: the requests begin with a script. */
  readonly isChecked: boolean;
  /** With the key that each change has. */
  readonly calls: readonly (RobotCall & { readonly key: string | undefined })[];
  /** The row that requires them. */
  readonly of: StoredRobot;
}

/**
 * The replies, `cut` if one of them did not arrive, why the hub could not send the requests, or why the account may not send
 * them.
 */
export type CampaignOutcome =
  | readonly RobotReply[]
  | 'cut'
  | { readonly problem: string }
  | { readonly refusal: string };

/** Carries campaigns on. For one caller: a robot gets its requests from one place. */
export interface CampaignEngine {
  /** Judges all campaigns, stores what follows, and returns the requests that are due, without those under way. */
  turn(): Promise<readonly CampaignWork[]>;
  /** Stores the outcome of requests. Returns the ones that follow. */
  settle(work: CampaignWork, outcome: CampaignOutcome): Promise<CampaignWork | undefined>;
}

/** Ends the session of a robot after its update, which proves by the next one that it can connect. */
const RETURN = { retry_ms: 1000, why: 'the hub waits until the robot connects again after its update' } as const;

type EngineContext = Pick<FleetContext, 'clock' | 'exclusive' | 'log' | 'notify' | 'schedules' | 'store'>;

export function campaignEngine(context: EngineContext): CampaignEngine {
  const { store, exclusive, notify } = context;
  /** Robots with requests under way: `<campaign> <robot>`. */
  const underWay = new Set<string>();

  /** Stores the next states, and returns the requests of those that were stored. */
  const storeTurns = async (campaign: StoredCampaign, candidates: readonly Candidate[]): Promise<CampaignWork[]> => {
    const turns = candidates.flatMap((candidate) => {
      const turn = step(campaign.plan, candidate.robot.row, candidate.facts);
      const isSame = turn.row === candidate.robot.row && turn.calls.length === 0;
      return isSame ? [] : [{ candidate, turn }];
    });
    if (turns.length === 0) return [];
    const statements = turns.map(({ candidate, turn }) => storeRobot(candidate.robot, turn.row));
    const { results } = await store.write(statements);
    const stored = turns.filter((_, index) => results[index]!.changes > 0);
    for (const { candidate, turn } of stored) {
      if (turn.endsSession) notify({ robot: candidate.name, topic: 'robot', ended: RETURN });
    }
    return stored.flatMap(({ candidate, turn }) =>
      turn.calls.length === 0 ? [] : [workOf(campaign, candidate, turn)],
    );
  };

  const turnOf = async (campaign: StoredCampaign): Promise<CampaignWork[]> => {
    const isCurrent = await continueCampaign(context, campaign);
    const now = isCurrent ? campaign : await readCampaign(store, campaign.id);
    if (!now) return [];
    const candidates = await readCandidates(context, now);
    return storeTurns(
      now,
      candidates.filter(({ robot }) => !underWay.has(keyOf(robot))),
    );
  };

  return {
    turn: async () => {
      const rows = await store.read('SELECT * FROM fleet_campaigns WHERE ended_ms IS NULL ORDER BY id');
      const work: CampaignWork[] = [];
      // One after the other: a robot that one campaign changes is busy for the next one.
      for (const row of rows) {
        const due = await exclusive(() => turnOf(campaignOf(row)));
        for (const each of due) underWay.add(keyOf(each.of));
        work.push(...due);
      }
      return work;
    },
    settle: async (work, outcome) => {
      try {
        const [next] = await exclusive(async () => {
          const campaign = await readCampaign(store, work.of.campaign);
          const candidate = campaign && (await readOne(context, campaign, work, outcome));
          return campaign && candidate ? storeTurns(campaign, [candidate]) : [];
        });
        if (!next) underWay.delete(keyOf(work.of));
        return next;
      } catch (error) {
        underWay.delete(keyOf(work.of));
        throw error;
      }
    },
  };
}

const keyOf = ({ campaign, robot }: StoredRobot): string => `${campaign} ${robot}`;

async function readCampaign(store: EngineContext['store'], id: number): Promise<StoredCampaign | undefined> {
  const [row] = await store.read('SELECT * FROM fleet_campaigns WHERE id = ?', [id]);
  return row && campaignOf(row);
}

/**
 * Returns the requests of a turn. Those of an attempt have the same keys whenever they are sent. A key has the time of the
 * campaign, too: after a return to an older database, another campaign may get the same number. Uploads have no key: the
 * offset of a part of an archive, and the digest of a script make a repetition safe.
 */
function workOf(campaign: StoredCampaign, { robot, name }: Candidate, { row, calls }: CampaignTurn): CampaignWork {
  const prefix = `c${robot.campaign}-${campaign.createdMs.toString(36)}.${robot.robot}.${row.step}`;
  return {
    campaign: campaign.name,
    robot: name,
    createdBy: campaign.createdBy,
    permissions: permissionsOf(campaign.body),
    isChecked: row.step !== undefined && BEGINS_SCRIPT.includes(row.step),
    calls: calls.map((call, index) => ({
      ...call,
      key: call.method === 'GET' || call.archive || call.script ? undefined : `${prefix}${index + 1}.${row.attempt}`,
    })),
    of: { ...robot, row, version: robot.version + 1 },
  };
}

/** Reads the robot of work again, with the outcome; `undefined` if its row has changed meanwhile. */
async function readOne(
  context: EngineContext,
  campaign: StoredCampaign,
  { of }: CampaignWork,
  outcome: CampaignOutcome,
): Promise<Candidate | undefined> {
  const candidate = await readCandidate(context, campaign, of);
  const result = outcome === 'cut' ? { isCut: true } : 'length' in outcome ? { replies: outcome } : outcome;
  return candidate && { ...candidate, facts: { ...candidate.facts, ...result } };
}
