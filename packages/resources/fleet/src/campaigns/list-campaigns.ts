import {
  FLEET_PAGE,
  type FleetCampaign,
  type FleetCampaignDetail,
  type FleetCampaignRobot,
  type FleetCampaignRobotState,
} from '@medkit/contract';
import type { Row } from '@medkit/store';
import { type FleetContext, isoTime, nowMs, optionalText, textOf } from '../fleet-context.ts';
import { FleetNotFound } from '../fleet-refused.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import {
  campaignItem,
  campaignOf,
  countStates,
  newestWaves,
  readWaves,
  robotOf,
  type StoredCampaign,
  sumOfWaves,
} from './campaign-rows.ts';
import { countSites, hasSiteLimits, siteItems } from './campaign-sites.ts';
import { gateState } from './judge-gate.ts';
import { readGate } from './read-gate.ts';
import { resultOf } from './script-calls.ts';
import { siteWindows } from './start-window.ts';
import { foundIn } from './update-parts.ts';

type ListContext = Pick<FleetContext, 'store'>;

export interface CampaignQuery {
  readonly state?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface CampaignRobotQuery extends CampaignQuery {
  readonly wave?: number;
}

/** Lists campaigns, the newest first. Throws `FleetInvalid` for a cursor that is not from this list. */
export async function listCampaigns({ store }: ListContext, query: CampaignQuery): Promise<FleetPage<FleetCampaign>> {
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const filter = { state: query.state ?? null };
  const before = query.cursor === undefined ? null : decodePlace(query.cursor).place;
  const rows = await store.read(
    `SELECT * FROM fleet_campaigns WHERE (:state IS NULL OR state = :state)
       AND (CAST(:before AS INTEGER) IS NULL OR id < CAST(:before AS INTEGER)) ORDER BY id DESC LIMIT :limit`,
    { ...filter, before, limit: limit + 1 },
  );
  const [counted] = await store.read(
    'SELECT count(*) AS n FROM fleet_campaigns WHERE (:state IS NULL OR state = :state)',
    filter,
  );
  const page = rows.slice(0, limit).map(campaignOf);
  const numbers = page.map(({ id }) => id);
  const [states, newest] = [await countStates(store, numbers), await newestWaves(store, numbers)];
  const last = page.at(-1);
  return {
    items: page.map((campaign) => campaignItem(campaign, sumOfWaves(states.get(campaign.id)), newest.get(campaign.id))),
    ...(rows.length > limit && last && { next: encodePlace({ place: last.id, name: '' }) }),
    total: Number(counted?.n),
  };
}

/** Reads a campaign with its waves and its gate. Throws `FleetNotFound`. */
export async function readCampaignDetail(
  context: ListContext & Pick<FleetContext, 'clock' | 'schedules'>,
  name: string,
): Promise<FleetCampaignDetail> {
  const { store } = context;
  const [row] = await store.read('SELECT * FROM fleet_campaigns WHERE name = ?', [name]);
  if (!row) throw noCampaign(name);
  const campaign = campaignOf(row);
  const states = (await countStates(store, [campaign.id])).get(campaign.id);
  const waves = await readWaves(store, campaign.id);
  // Later the rates would compare times long after the change.
  const isOpen = campaign.state === 'running' || campaign.state === 'stopped';
  const facts = isOpen ? await readGate(store, campaign, waves, states, nowMs(context)) : undefined;
  const sites = isOpen && hasSiteLimits(campaign.plan) ? await countSites(store, campaign.id) : undefined;
  return {
    ...campaignItem(campaign, sumOfWaves(states), waves.findLast(({ openedMs }) => openedMs !== undefined)?.wave),
    plan: campaign.body,
    waves: waves.map(({ wave, openedMs, approvedMs, approvedBy, waitsFor }) => {
      const counts = states?.get(wave) ?? {};
      return {
        wave,
        robots: Object.values(counts).reduce((sum, count) => sum + count, 0),
        ...(openedMs !== undefined && { opened_at: isoTime(openedMs) }),
        ...(approvedMs !== undefined && { approved_at: isoTime(approvedMs) }),
        ...(approvedBy !== undefined && { approved_by: approvedBy }),
        ...(waitsFor !== undefined && campaign.state === 'running' && { waits_for: waitsFor }),
        states: counts,
      };
    }),
    ...(facts && { gate: gateState(campaign.plan.gate, facts) }),
    ...(sites &&
      siteItems(campaign.plan, sites, siteWindows(campaign.plan.startWithin, context.schedules, nowMs(context)))),
  };
}

/** Lists the robots of a campaign by wave and name. Throws `FleetNotFound`, or `FleetInvalid` for another cursor. */
export async function listCampaignRobots(
  { store }: ListContext,
  name: string,
  query: CampaignRobotQuery,
): Promise<FleetPage<FleetCampaignRobot>> {
  const [found] = await store.read('SELECT * FROM fleet_campaigns WHERE name = ?', [name]);
  if (!found) throw noCampaign(name);
  const campaign = campaignOf(found);
  const limit = Math.min(query.limit ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const after = query.cursor === undefined ? undefined : decodePlace(query.cursor);
  const filter = { campaign: campaign.id, wave: query.wave ?? null, state: query.state ?? null };
  const tables = `fleet_campaign_robots q JOIN fleet_robots r ON r.id = q.robot
    WHERE q.campaign = :campaign AND r.state <> 'retired' AND (:state IS NULL OR q.state = :state)
      AND (CAST(:wave AS INTEGER) IS NULL OR q.wave = CAST(:wave AS INTEGER))`;
  const rows = await store.read(
    `SELECT q.*, r.name, r.site FROM ${tables}
       AND (CAST(:place AS INTEGER) IS NULL OR (q.wave, r.name) > (CAST(:place AS INTEGER), :name))
     ORDER BY q.wave, r.name LIMIT :limit`,
    { ...filter, place: after?.place ?? null, name: after?.name ?? '', limit: limit + 1 },
  );
  const [counted] = await store.read(`SELECT count(*) AS n FROM ${tables}`, filter);
  const items = rows.slice(0, limit).map((row) => robotItem(row, campaign));
  const last = items.at(-1);
  return {
    items,
    ...(rows.length > limit && last && { next: encodePlace({ place: last.wave, name: last.robot }) }),
    total: Number(counted?.n),
  };
}

function robotItem(row: Row, { plan }: StoredCampaign): FleetCampaignRobot {
  const [site, reason, attempt] = [optionalText(row.site), optionalText(row.reason), Number(row.attempt)];
  return {
    robot: textOf(row.name!),
    ...(site !== undefined && { site }),
    wave: Number(row.wave),
    state: textOf(row.state!) as FleetCampaignRobotState,
    ...(reason !== undefined && { reason }),
    ...percentOf(row, plan),
    ...(plan.work.kind === 'script' && resultOf(robotOf(row).row)),
    attempt,
    since: isoTime(Number(row.since_ms)),
    ...(attempt > 1 && { next_attempt: isoTime(Number(row.due_ms)) }),
  };
}

/** Returns the part of the artifact that a robot has received while it receives it. */
function percentOf(row: Row, { work }: StoredCampaign['plan']): { readonly percent?: number } {
  if (row.state !== 'transferring' || work.kind !== 'update') return {};
  return { percent: Math.floor((100 * (foundIn(robotOf(row).row).received ?? 0)) / work.total) };
}

const noCampaign = (name: string): FleetNotFound => new FleetNotFound(`The hub has no campaign ${name}`);
