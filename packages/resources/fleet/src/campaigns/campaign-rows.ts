import type {
  FleetCampaign,
  FleetCampaignCounts,
  FleetCampaignPlan,
  FleetCampaignRobotState,
  FleetCampaignState,
  FleetCampaignStopAction,
} from '@medkit/contract';
import { parseJson, stringifyJson } from '@medkit/core/json';
import type { Row, Statement } from '@medkit/store';
import { type FleetStore, isoTime, optionalNumber, optionalText, textOf } from '../fleet-context.ts';
import { type CampaignPlan, storedPlan } from './campaign-plan.ts';
import type { CampaignFound, CampaignStep } from './robot-calls.ts';
import type { CampaignOrder, CampaignRobot } from './robot-step.ts';

/** A row of `fleet_campaigns`. */
export interface StoredCampaign {
  readonly id: number;
  readonly name: string;
  readonly body: FleetCampaignPlan;
  readonly plan: CampaignPlan;
  readonly state: FleetCampaignState;
  readonly rollBack: FleetCampaignStopAction | undefined;
  readonly createdMs: number;
  readonly createdBy: string;
  readonly row: Row;
}

export function campaignOf(row: Row): StoredCampaign {
  const body = parseJson(textOf(row.body!)) as unknown as FleetCampaignPlan;
  return {
    id: Number(row.id),
    name: textOf(row.name!),
    body,
    plan: storedPlan(body),
    state: textOf(row.state!) as FleetCampaignState,
    rollBack: optionalText(row.roll_back) as FleetCampaignStopAction | undefined,
    createdMs: Number(row.created_ms),
    createdBy: textOf(row.created_by!),
    row,
  };
}

/** Returns a campaign as clients receive it; `wave` is the number of its newest open wave. */
export function campaignItem(
  { row, plan, name, state, createdBy, createdMs, rollBack }: StoredCampaign,
  states: FleetCampaignCounts,
  wave: number | undefined,
): FleetCampaign {
  const [reason, stoppedBy, stoppedMs] = [row.reason, row.stopped_by, row.stopped_ms];
  return {
    id: name,
    kind: plan.work.kind,
    state,
    ...(reason != null && { reason: textOf(reason) }),
    ...(rollBack !== undefined && { roll_back: rollBack }),
    created_at: isoTime(createdMs),
    created_by: createdBy,
    ...(stoppedMs != null && { stopped_at: isoTime(Number(stoppedMs)) }),
    ...(stoppedBy != null && { stopped_by: textOf(stoppedBy) }),
    expires_at: isoTime(plan.expiresMs),
    ...(wave !== undefined && { wave }),
    wave_count: plan.waves.length,
    robots: Object.values(states).reduce((sum, count) => sum + count, 0),
    states,
  };
}

/** A row of `fleet_campaign_robots`, with its keys. */
export interface StoredRobot {
  readonly campaign: number;
  readonly robot: number;
  readonly wave: number;
  readonly version: number;
  readonly row: CampaignRobot;
}

export function robotOf(row: Row): StoredRobot {
  const found = optionalText(row.found);
  return {
    campaign: Number(row.campaign),
    robot: Number(row.robot),
    wave: Number(row.wave),
    version: Number(row.version),
    row: {
      state: textOf(row.state!) as FleetCampaignRobotState,
      step: optionalText(row.step) as CampaignStep | undefined,
      attempt: Number(row.attempt),
      reason: optionalText(row.reason),
      found: found === undefined ? undefined : (parseJson(found) as unknown as CampaignFound),
      isTouched: Number(row.touched) === 1,
      sinceMs: Number(row.since_ms),
      changedMs: optionalNumber(row.changed_ms),
      dueMs: Number(row.due_ms),
    },
  };
}

/** Begins of work, for which a campaign must run in the transaction that stores them. */
const BEGINS: readonly FleetCampaignRobotState[] = ['transferring', 'preparing', 'executing'];

/**
 * Returns the statement that stores the next state of a robot, unless the row has changed. A robot begins only while its
 * campaign runs: a stop that is stored before this statement prevents it.
 */
export function storeRobot({ campaign, robot, version, row: before }: StoredRobot, row: CampaignRobot): Statement {
  const isBegin = BEGINS.includes(row.state) && row.state !== before.state;
  return {
    sql: `UPDATE fleet_campaign_robots SET state = ?, step = ?, attempt = ?, reason = ?, found = ?, touched = ?,
            since_ms = ?, changed_ms = ?, due_ms = ?, version = version + 1
          WHERE campaign = ? AND robot = ? AND version = ?
            ${isBegin ? "AND EXISTS (SELECT 1 FROM fleet_campaigns c WHERE c.id = campaign AND c.state = 'running')" : ''}`,
    parameters: [
      ...[row.state, row.step ?? null, row.attempt, row.reason ?? null],
      ...[row.found === undefined ? null : stringifyJson(row.found), row.isTouched ? 1 : 0],
      ...[row.sinceMs, row.changedMs ?? null, row.dueMs, campaign, robot, version],
    ],
  };
}

/** Returns what a campaign requires of the robots of a wave; `newest` is the number of its last open wave. */
export function orderOf(
  { state, plan, rollBack }: StoredCampaign,
  wave: number,
  newest: number,
  nowMs: number,
): CampaignOrder {
  if (state === 'cancelled') return 'cancel';
  if (state === 'expired' || nowMs >= plan.expiresMs) return 'expire';
  if (state === 'running') return 'go';
  if (rollBack === 'roll_back_all' || (rollBack === 'roll_back_wave' && wave === newest)) return 'roll_back';
  return 'hold';
}

/** Counts the robots of campaigns by wave and state. Retired robots are left out. */
export async function countStates(
  store: FleetStore,
  campaigns: readonly number[],
): Promise<ReadonlyMap<number, ReadonlyMap<number, FleetCampaignCounts>>> {
  const rows = await store.read(
    `SELECT q.campaign, q.wave, q.state, count(*) AS n FROM fleet_campaign_robots q
     JOIN fleet_robots r ON r.id = q.robot
     WHERE r.state <> 'retired' AND q.campaign IN (SELECT CAST(value AS INTEGER) FROM json_each(?))
     GROUP BY q.campaign, q.wave, q.state ORDER BY q.campaign, q.wave, q.state`,
    [JSON.stringify(campaigns)],
  );
  const counts = new Map<number, Map<number, Record<string, number>>>();
  for (const { campaign, wave, state, n } of rows) {
    const waves = counts.get(Number(campaign)) ?? new Map<number, Record<string, number>>();
    counts.set(Number(campaign), waves);
    waves.set(Number(wave), { ...waves.get(Number(wave)), [textOf(state!)]: Number(n) });
  }
  return counts;
}

/** Adds the counts of all waves. */
export function sumOfWaves(waves: ReadonlyMap<number, FleetCampaignCounts> | undefined): FleetCampaignCounts {
  const sum: Record<string, number> = {};
  for (const states of waves?.values() ?? []) {
    for (const [state, count] of Object.entries(states)) sum[state] = (sum[state] ?? 0) + count;
  }
  return sum;
}

/** Returns the number of the newest open wave of each campaign that has one. */
export async function newestWaves(
  store: FleetStore,
  campaigns: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await store.read(
    `SELECT campaign, max(wave) AS wave FROM fleet_campaign_waves
     WHERE opened_ms IS NOT NULL AND campaign IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) GROUP BY campaign`,
    [JSON.stringify(campaigns)],
  );
  return new Map(rows.map(({ campaign, wave }) => [Number(campaign), Number(wave)]));
}

/** A row of `fleet_campaign_waves`. */
export interface StoredWave {
  readonly wave: number;
  readonly openedMs: number | undefined;
  readonly approvedMs: number | undefined;
  readonly approvedBy: string | undefined;
  readonly waitsFor: string | undefined;
}

export async function readWaves(store: FleetStore, campaign: number): Promise<readonly StoredWave[]> {
  const rows = await store.read('SELECT * FROM fleet_campaign_waves WHERE campaign = ? ORDER BY wave', [campaign]);
  return rows.map((row) => ({
    wave: Number(row.wave),
    openedMs: optionalNumber(row.opened_ms),
    approvedMs: optionalNumber(row.approved_ms),
    approvedBy: optionalText(row.approved_by),
    waitsFor: optionalText(row.waits_for),
  }));
}
