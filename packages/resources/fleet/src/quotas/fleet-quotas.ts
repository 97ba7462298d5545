import { type FleetQuotaUse, MAX_RUNNING_CAMPAIGNS } from '@medkit/contract';
import type { SqlValue, Statement } from '@medkit/store';
import { DAY_MS, type FleetContext, type FleetQuotas, nowMs, textOf } from '../fleet-context.ts';
import { FleetQuotaReached } from '../fleet-refused.ts';

/** Days for which the numbers of records stay. */
const COUNTED_DAYS = 31;

type QuotaContext = Pick<FleetContext, 'clock' | 'quotas' | 'store'>;

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** Returns the number of robots that are not retired. */
export async function robotCount({ store }: Pick<FleetContext, 'store'>): Promise<number> {
  const [row] = await store.read("SELECT count(*) AS n FROM fleet_robots WHERE state <> 'retired'");
  return Number(row?.n);
}

/** Throws `FleetQuotaReached` if the hub may have no further robot. */
export async function assertRobotQuota(context: Pick<FleetContext, 'quotas' | 'store'>): Promise<void> {
  const { robots: limit } = context.quotas;
  if (limit === 0) return;
  const used = await robotCount(context);
  if (used >= limit) throw new FleetQuotaReached({ quota: 'fleet.quota.robots', used, limit, remedy: ROBOT_REMEDY });
}

/** Throws `FleetQuotaReached` if the hub may have no further campaign. */
export async function assertCampaignQuota(context: Pick<FleetContext, 'quotas' | 'store'>): Promise<void> {
  const { campaigns: limit } = context.quotas;
  const used = await campaignCount(context);
  if (used < limit) return;
  throw new FleetQuotaReached({ quota: 'fleet.quota.campaigns', used, limit, remedy: CAMPAIGN_REMEDY });
}

/** Returns the number of campaigns that have not ended. Stopped ones can still be rolled back. */
async function campaignCount({ store }: Pick<FleetContext, 'store'>): Promise<number> {
  const [row] = await store.read('SELECT count(*) AS n FROM fleet_campaigns WHERE ended_ms IS NULL');
  return Number(row?.n);
}

export const ROBOT_REMEDY = 'Retire robots, or raise the quota';
const CAMPAIGN_REMEDY = `Cancel campaigns that are stopped, or raise the quota, which is at most ${MAX_RUNNING_CAMPAIGNS}`;
const EVIDENCE_REMEDY =
  'Erase evidence with `medkit fleet evidence erase`, delete artifacts with `medkit fleet artifacts delete`, or raise the quota';

/** Throws `FleetQuotaReached` if the store of evidence has no room for a file: the evidence `id` with these bytes. */
export function assertEvidenceQuota(context: QuotaContext, id: number, bytes: number): Promise<void> {
  return assertByteQuota(context, { id }, bytes);
}

/** Throws `FleetQuotaReached` if the store of evidence has no room for an artifact: `name` with these bytes. */
export function assertArtifactQuota(context: QuotaContext, name: string, bytes: number): Promise<void> {
  return assertByteQuota(context, { name }, bytes);
}

async function assertByteQuota(context: QuotaContext, without: Uncounted, bytes: number): Promise<void> {
  const { evidenceBytes: limit } = context.quotas;
  if (limit === 0) return;
  const used = await storedBytes(context, without);
  if (used + bytes <= limit && used < limit) return;
  throw new FleetQuotaReached({
    quota: 'fleet.quota.evidence_gb',
    used,
    limit,
    remedy: EVIDENCE_REMEDY,
    unit: ' bytes',
  });
}

/** What is about to be stored again: the evidence `id`, or the artifact `name`. */
interface Uncounted {
  readonly id?: number;
  readonly name?: string;
}

/** Returns the bytes of the artifacts, of the files of evidence, and of those that are being fetched. */
async function storedBytes(
  { store }: Pick<FleetContext, 'store'>,
  { id = -1, name = '' }: Uncounted = {},
): Promise<number> {
  const [row] = await store.read(
    `SELECT coalesce(sum(s.bytes), 0) AS bytes FROM (
       SELECT max(bytes) AS bytes FROM fleet_evidence_files WHERE state = 'kept' AND id <> ? GROUP BY sha256
       UNION ALL
       SELECT coalesce(size, bytes) AS bytes FROM fleet_evidence_files WHERE state = 'fetching' AND id <> ?
       UNION ALL
       SELECT bytes FROM fleet_artifacts WHERE name <> ?) s`,
    [id, id, name],
  );
  return Number(row?.bytes);
}

/** The cursor `c` of a robot, and the condition that a part has moved it. */
interface MovedCursor {
  readonly cursor: string;
  readonly moved: string;
  readonly parameters: readonly SqlValue[];
}

/** Returns the statement that counts the records of a part, if their number has a quota. */
export function countRecords(
  { eventsPerDay }: FleetQuotas,
  { cursor, moved, parameters }: MovedCursor,
  { records, gotMs }: { readonly records: number; readonly gotMs: number },
): readonly Statement[] {
  if (eventsPerDay === 0 || records === 0) return [];
  const sql = `INSERT INTO fleet_record_days (day, robot, n)
    SELECT CAST(? AS INTEGER), c.robot, CAST(? AS INTEGER) FROM ${cursor} WHERE ${moved}
    ON CONFLICT (day, robot) DO UPDATE SET n = fleet_record_days.n + excluded.n`;
  return [{ sql, parameters: [dayOf(gotMs), records, ...parameters] }];
}

/** Returns the statement that removes old numbers of records. */
export const removeOldDays = (context: Pick<FleetContext, 'clock'>): Statement => ({
  sql: 'DELETE FROM fleet_record_days WHERE day < ?',
  parameters: [dayOf(nowMs(context)) - COUNTED_DAYS],
});

/** Returns the quotas of the hub that are limited, and how much of each is used. */
export async function quotaUse(context: QuotaContext): Promise<readonly FleetQuotaUse[]> {
  const { store, quotas } = context;
  const uses: FleetQuotaUse[] = [];
  if (quotas.robots > 0) {
    uses.push({ quota: 'robots', used: await robotCount(context), limit: quotas.robots, remedy: ROBOT_REMEDY });
  }
  if (quotas.evidenceBytes > 0) {
    const used = await storedBytes(context);
    uses.push({ quota: 'evidence_bytes', used, limit: quotas.evidenceBytes, remedy: EVIDENCE_REMEDY });
  }
  if (quotas.eventsPerDay > 0) {
    const [most] = await store.read(
      `SELECT r.name, d.n, (SELECT sum(a.n) FROM fleet_record_days a WHERE a.day = d.day) AS total
       FROM fleet_record_days d JOIN fleet_robots r ON r.id = d.robot WHERE d.day = ? ORDER BY d.n DESC, r.name LIMIT 1`,
      [dayOf(nowMs(context))],
    );
    uses.push({
      ...{ quota: 'events_per_day', used: Number(most?.total ?? 0), limit: quotas.eventsPerDay },
      remedy: 'Find what repeats in the log of the robot that sends most, or raise the quota',
      ...(most && { most: { robot: textOf(most.name!), used: Number(most.n) } }),
    });
  }
  const { campaigns: limit } = quotas;
  uses.push({ quota: 'campaigns', used: await campaignCount(context), limit, remedy: CAMPAIGN_REMEDY });
  return uses;
}
