import {
  FLEET_ROBOT_NAME,
  type FleetCampaignApproval,
  type FleetCampaignDetail,
  type FleetCampaignPlan,
  type FleetCampaignStop,
  type NewFleetCampaign,
} from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import type { Statement } from '@medkit/store';
import { readArtifact } from '../artifacts/read-artifact.ts';
import { type FleetContext, isoTime, nowMs, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { filterValues, ROBOT_FILTERS } from '../groups/robot-filters.ts';
import { assertCampaignQuota } from '../quotas/fleet-quotas.ts';
import { canRollBack, checkedPlan, frozenPlan, permissionsOf, storedPlan } from './campaign-plan.ts';
import { campaignOf, type StoredCampaign } from './campaign-rows.ts';
import { countTargets, siteItems } from './campaign-sites.ts';
import { OCCUPIED } from './campaign-states.ts';
import { readCampaignDetail } from './list-campaigns.ts';
import { WAITS } from './robot-step.ts';
import { selectWaves, type Target } from './select-waves.ts';
import { siteWindows } from './start-window.ts';

/** Campaigns that stay in the record; the oldest ones that ended are removed. */
export const MAX_STORED_CAMPAIGNS = 1000;
/** Robots that a dry run lists with a reason. */
const MAX_LISTED = 200;
const NAME = new RegExp(`^${FLEET_ROBOT_NAME}$`);

type ChangeContext = Pick<FleetContext, 'clock' | 'notify' | 'quotas' | 'schedules' | 'store'>;

/** Returns the permissions that a new campaign needs on the robots. Throws `FleetInvalid`. */
export function neededPermissions(
  context: Pick<FleetContext, 'clock'>,
  { id: _, dry_run: __, ...plan }: NewFleetCampaign,
) {
  return permissionsOf(checkedPlan(plan, nowMs(context)));
}

/** Creates a campaign, or returns what it would do. Throws `FleetInvalid`, `FleetConflict` or `FleetQuotaReached`. */
export async function createCampaign(
  context: ChangeContext,
  { id: name, dry_run: isDryRun, ...requested }: NewFleetCampaign,
  by: string,
): Promise<FleetCampaignDetail> {
  const { store, notify } = context;
  const at = nowMs(context);
  if (!NAME.test(name)) {
    throw new FleetInvalid(`id: "${name}" is not the name of a campaign: use lower-case letters, digits and hyphens`);
  }
  const checked = checkedPlan(requested, at);
  const plan = frozenPlan(checked, checked.artifact == null ? undefined : await readArtifact(store, checked.artifact));
  const targets = await readTargets(context, plan);
  const waves = selectWaves(name, plan.waves, targets);
  await assertNewName(store, name);
  await assertCampaignQuota(context);
  if (isDryRun) return planned(context, { name, plan, by, at }, waves);
  const rows = waves.flatMap((wave, index) => wave.map(({ id }) => [id, index + 1]));
  const ofCampaign = 'FROM fleet_campaigns c';
  await store.write([
    ...REMOVE_OLDEST,
    {
      sql: `INSERT INTO fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms)
            VALUES (?, ?, ?, 'running', ?, ?, ?)`,
      parameters: [name, plan.kind, stringifyJson(plan), at, by, Date.parse(plan.expires!)],
    },
    {
      sql: `INSERT INTO fleet_campaign_waves (campaign, wave)
            SELECT c.id, CAST(w.value AS INTEGER) ${ofCampaign}, json_each(?) w WHERE c.name = ?`,
      parameters: [JSON.stringify(waves.map((_, index) => index + 1)), name],
    },
    {
      sql: `INSERT INTO fleet_campaign_robots (campaign, robot, wave, state, since_ms)
            SELECT c.id, CAST(json_extract(w.value, '$[0]') AS INTEGER), CAST(json_extract(w.value, '$[1]') AS INTEGER),
              'selected', c.created_ms ${ofCampaign}, json_each(?) w WHERE c.name = ?`,
      parameters: [JSON.stringify(rows), name],
    },
  ]);
  notify({ robot: '', topic: 'campaigns' });
  return readCampaignDetail(context, name);
}

/** Removes the oldest campaigns that ended, with their robots. */
const REMOVE_OLDEST: readonly Statement[] = [
  {
    sql: `DELETE FROM fleet_campaigns WHERE ended_ms IS NOT NULL
            AND id <= (SELECT id FROM fleet_campaigns ORDER BY id DESC LIMIT 1 OFFSET ${MAX_STORED_CAMPAIGNS - 1})`,
  },
  ...['fleet_campaign_waves', 'fleet_campaign_robots', 'fleet_campaign_stops'].map((table) => ({
    sql: `DELETE FROM ${table} WHERE campaign NOT IN (SELECT id FROM fleet_campaigns)`,
  })),
];

/** Reads the approved robots that a plan selects. Throws `FleetInvalid` if it names one that the hub does not have. */
async function readTargets({ store }: ChangeContext, { targets }: FleetCampaignPlan): Promise<readonly Target[]> {
  const { group, site, robots, exclude } = targets;
  const filters = { ...(site != null && { site }), ...(group != null && { group }) };
  const [row] = await store.read(
    `SELECT coalesce(json_group_array(json_array(n.id, n.name, n.site)), '[]') AS robots FROM (
       SELECT r.id, r.name, r.site FROM fleet_robots r WHERE r.state = 'approved' AND ${ROBOT_FILTERS} ORDER BY r.id) n`,
    await filterValues({ store }, filters),
  );
  const found = (JSON.parse(textOf(row!.robots!)) as readonly (readonly [number, string, string | null])[]).map(
    ([id, name, place]): Target => ({ id: Number(id), name, site: place ?? undefined }),
  );
  const names = new Set(found.map(({ name }) => name));
  for (const [member, listed] of Object.entries({ robots, exclude })) {
    const missing = listed?.find((name) => !names.has(name));
    if (missing === undefined) continue;
    const where = group == null && site == null ? '' : ' of this group and site';
    throw new FleetInvalid(`targets.${member}: ${missing} is no approved robot${where}`);
  }
  const [wanted, excluded] = [robots == null ? undefined : new Set(robots), new Set(exclude)];
  return found.filter(({ name }) => (wanted?.has(name) ?? true) && !excluded.has(name));
}

async function assertNewName(store: ChangeContext['store'], name: string): Promise<void> {
  const [row] = await store.read('SELECT count(*) AS same FROM fleet_campaigns WHERE name = ?', [name]);
  if (Number(row?.same) > 0) throw new FleetConflict(`The campaign ${name} exists: use another name`);
}

interface NewCampaign {
  readonly name: string;
  readonly plan: FleetCampaignPlan;
  readonly by: string;
  readonly at: number;
}

/** Returns the waves of a campaign that is not created, and the robots that could not begin now. */
async function planned(
  { store, schedules }: ChangeContext,
  { name, plan, by, at }: NewCampaign,
  waves: readonly (readonly Target[])[],
): Promise<FleetCampaignDetail> {
  const numbers = JSON.stringify(waves.flat().map(({ id }) => id));
  const rows = await store.read(
    `SELECT r.id, r.online FROM fleet_robots r
     WHERE r.id IN (SELECT CAST(value AS INTEGER) FROM json_each(:robots)) AND (r.online = 0 OR EXISTS (
       SELECT 1 FROM fleet_campaign_robots o JOIN fleet_campaigns c ON c.id = o.campaign
       WHERE o.robot = r.id AND c.kind = :kind AND o.state IN ${OCCUPIED}))
     ORDER BY r.name LIMIT ${MAX_LISTED}`,
    { robots: numbers, kind: plan.kind },
  );
  const waits = new Map(rows.map(({ id, online }) => [Number(id), Number(online) === 1 ? WAITS.busy : WAITS.offline]));
  const stored = storedPlan(plan);
  const windowOf = siteWindows(stored.startWithin, schedules, at);
  const reasonOf = ({ id, site }: Target): string | undefined => {
    const reason = waits.get(id);
    return reason === WAITS.offline ? reason : (windowOf(site)?.closed ?? reason);
  };
  const robots = waves.reduce((sum, wave) => sum + wave.length, 0);
  return {
    ...{ id: name, kind: plan.kind, state: 'planned', plan, created_at: isoTime(at), created_by: by },
    ...{ expires_at: plan.expires!, wave_count: waves.length, robots, states: { selected: robots } },
    waves: waves.map((wave, index) => ({
      ...{ wave: index + 1, robots: wave.length },
      states: wave.length === 0 ? {} : { selected: wave.length },
    })),
    ...siteItems(stored, countTargets(waves.flat()), windowOf),
    not_fulfilled: waves
      .flatMap((wave, index) =>
        wave.flatMap((target) => {
          const [reason, { name: robot, site }] = [reasonOf(target), target];
          if (reason === undefined) return [];
          const row = { robot, ...(site !== undefined && { site }), wave: index + 1 };
          return [{ ...row, state: 'waiting' as const, reason, attempt: 0 }];
        }),
      )
      .slice(0, MAX_LISTED),
  };
}

/** Approves a wave. Throws `FleetNotFound`, `FleetInvalid` or `FleetConflict`. */
export async function approveWave(
  context: ChangeContext,
  name: string,
  { wave: wanted }: FleetCampaignApproval,
  by: string,
): Promise<FleetCampaignDetail> {
  const campaign = await existing(context, name);
  const { approval } = campaign.plan.gate;
  if (approval === undefined)
    throw new FleetConflict(`The campaign ${name} needs no approval: it has no gate.approval`);
  if (campaign.state !== 'running')
    throw new FleetConflict(`The campaign ${name} is ${campaign.state}, and opens no wave`);
  if (approval === 'other' && by === campaign.createdBy) {
    throw new FleetConflict(`You created the campaign ${name}: another account must approve it (gate.approval)`);
  }
  const count = campaign.plan.waves.length;
  if (wanted != null && wanted > count) throw new FleetInvalid(`wave: the campaign ${name} has ${count} waves`);
  const { results } = await context.store.write([
    {
      sql: `UPDATE fleet_campaign_waves SET approved_ms = ?, approved_by = ?
            WHERE campaign = ? AND approved_ms IS NULL AND wave = coalesce(CAST(? AS INTEGER), (SELECT min(w.wave)
              FROM fleet_campaign_waves w WHERE w.campaign = ? AND w.approved_ms IS NULL))`,
      parameters: [nowMs(context), by, campaign.id, wanted ?? null, campaign.id],
    },
  ]);
  if (results[0]!.changes === 0) {
    throw new FleetConflict(wanted == null ? 'All waves are approved' : `Wave ${wanted} is approved already`);
  }
  context.notify({ robot: '', topic: 'campaigns' });
  return readCampaignDetail(context, name);
}

/** Stops a campaign, or sets what a stopped one rolls back. Throws `FleetNotFound` or `FleetConflict`. */
export async function stopCampaign(
  context: ChangeContext,
  name: string,
  { reason, roll_back }: FleetCampaignStop,
  by: string,
): Promise<FleetCampaignDetail> {
  const campaign = await existing(context, name);
  const { plan } = campaign;
  if (roll_back != null && roll_back !== 'hold' && !canRollBack(plan.work.kind)) {
    throw new FleetConflict(`A ${plan.work.kind} cannot be rolled back: stop the campaign with hold`);
  }
  // One statement, which needs no robot: no robot begins after it.
  await change(context, campaign, ['running', 'stopped'], {
    sql: `state = 'stopped', reason = coalesce(CAST(? AS TEXT), reason), roll_back = ?, stopped_ms = ?, stopped_by = ?`,
    values: [reason ?? null, roll_back ?? campaign.rollBack ?? plan.onStop, nowMs(context), by],
  });
  return readCampaignDetail(context, name);
}

/** Cancels a campaign. Throws `FleetNotFound` or `FleetConflict`. */
export async function cancelCampaign(context: ChangeContext, name: string, by: string): Promise<FleetCampaignDetail> {
  const campaign = await existing(context, name);
  await change(context, campaign, ['running', 'stopped'], {
    sql: "state = 'cancelled', stopped_ms = ?, stopped_by = ?",
    values: [nowMs(context), by],
  });
  return readCampaignDetail(context, name);
}

async function change(
  { store, notify }: ChangeContext,
  { id, name }: StoredCampaign,
  from: readonly string[],
  { sql, values }: { readonly sql: string; readonly values: readonly (string | number | null)[] },
): Promise<void> {
  const { results } = await store.write([
    {
      sql: `UPDATE fleet_campaigns SET ${sql} WHERE id = ? AND ended_ms IS NULL AND state IN (${from.map(() => '?').join(', ')})`,
      parameters: [...values, id, ...from],
    },
  ]);
  if (results[0]!.changes === 0) throw new FleetConflict(`The campaign ${name} has ended: create another one`);
  notify({ robot: '', topic: 'campaigns' });
}

async function existing({ store }: ChangeContext, name: string): Promise<StoredCampaign> {
  const [row] = await store.read('SELECT * FROM fleet_campaigns WHERE name = ?', [name]);
  if (row) return campaignOf(row);
  throw new FleetNotFound(`The hub has no campaign ${name}`);
}
