import { FLEET_PAGE, type FleetArtifact, MAX_ARTIFACT_CAMPAIGNS, MAX_FLEET_ARTIFACTS } from '@medkit/contract';
import { type FleetContext, isoTime, nowMs, textOf } from '../fleet-context.ts';
import { FleetConflict, FleetNotFound } from '../fleet-refused.ts';
import { assertArtifactQuota } from '../quotas/fleet-quotas.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { decodePlace, encodePlace } from '../robots/page-place.ts';
import { readArtifact, type StoredArtifact } from './read-artifact.ts';

type ArtifactContext = Pick<FleetContext, 'clock' | 'quotas' | 'store'>;

/** A new artifact, of which the manifest is not read yet. */
export type NewArtifact = Pick<StoredArtifact, 'bytes' | 'name' | 'sha256'>;

/** The artifacts of a hub. Does not store bytes. */
export interface FleetArtifacts {
  /** Lists the artifacts in pages, the newest first. Throws `FleetInvalid` for another list's cursor. */
  list(query: { readonly limit?: number; readonly cursor?: string }): Promise<FleetPage<FleetArtifact>>;
  read(name: string): Promise<StoredArtifact | undefined>;
  /**
   * Throws `FleetConflict` if there is no room, or if a campaign used an artifact of this name with other bytes;
   * `FleetQuotaReached` if the quota has no room for the bytes.
   */
  admit(artifact: NewArtifact): Promise<void>;
  /** Notes an artifact whose bytes the hub stores. Returns the digest of the archive that it replaces. Throws as `admit`. */
  put(artifact: StoredArtifact, by: string): Promise<string | undefined>;
  /**
   * Removes an artifact, and returns the digest of its archive. Throws `FleetNotFound`, and `FleetConflict` if a campaign
   * that has not ended uses it.
   */
  remove(name: string): Promise<string>;
  /** Returns the digests of all artifacts. */
  digests(): Promise<ReadonlySet<string>>;
}

export function fleetArtifacts(context: FleetContext): FleetArtifacts {
  const { exclusive, store } = context;
  return {
    list: (query) => listArtifacts(context, query),
    read: (name) => readArtifact(store, name),
    admit: async (artifact) => void (await admitted(context, artifact)),
    // Not during the creation of a campaign, which reads the digest.
    put: (artifact, by) => exclusive(() => putArtifact(context, artifact, by)),
    remove: (name) => exclusive(() => removeArtifact(context, name)),
    digests: async () => {
      const rows = await store.read('SELECT sha256 FROM fleet_artifacts');
      return new Set(rows.map(({ sha256 }) => textOf(sha256!)));
    },
  };
}

/** Returns the artifact that a new one replaces. */
async function admitted(
  context: ArtifactContext,
  { name, sha256, bytes }: NewArtifact,
): Promise<StoredArtifact | undefined> {
  const { store } = context;
  const found = await readArtifact(store, name);
  if (found?.sha256 === sha256) return found;
  if (!found) await assertRoom(context);
  else {
    const [campaign] = (await campaignsByArtifact(context)).get(name) ?? [];
    if (campaign !== undefined) {
      throw new FleetConflict(
        `The campaign ${campaign} used the artifact ${name} with other bytes (SHA-256 ${found.sha256}): pack the update with another id`,
      );
    }
  }
  await assertArtifactQuota(context, name, bytes);
  return found;
}

async function assertRoom({ store }: ArtifactContext): Promise<void> {
  const [row] = await store.read('SELECT count(*) AS n FROM fleet_artifacts');
  if (Number(row?.n) < MAX_FLEET_ARTIFACTS) return;
  throw new FleetConflict(
    `The hub has ${MAX_FLEET_ARTIFACTS} artifacts, which is the maximum: delete one with \`medkit fleet artifacts delete\``,
  );
}

async function putArtifact(context: ArtifactContext, artifact: StoredArtifact, by: string) {
  const replaced = await admitted(context, artifact);
  const { name, sha256, bytes, manifestSha256 } = artifact;
  await context.store.write([
    {
      sql: `INSERT INTO fleet_artifacts (name, sha256, bytes, manifest_sha256, created_ms, created_by)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes,
              manifest_sha256 = excluded.manifest_sha256, created_ms = excluded.created_ms, created_by = excluded.created_by`,
      parameters: [name, sha256, bytes, manifestSha256, nowMs(context), by],
    },
  ]);
  return replaced?.sha256 === sha256 ? undefined : replaced?.sha256;
}

async function removeArtifact(context: ArtifactContext, name: string): Promise<string> {
  const found = await readArtifact(context.store, name);
  if (!found) throw new FleetNotFound(`The hub has no artifact ${name}`);
  const [campaign] = (await campaignsByArtifact(context, 'AND ended_ms IS NULL')).get(name) ?? [];
  if (campaign !== undefined) {
    throw new FleetConflict(
      `The campaign ${campaign} uses the artifact ${name}: delete it when the campaign has ended, or cancel the campaign`,
    );
  }
  await context.store.write([{ sql: 'DELETE FROM fleet_artifacts WHERE name = ?', parameters: [name] }]);
  return found.sha256;
}

/** Returns the names of the campaigns that use each artifact, the newest first. The number of campaigns is bounded. */
async function campaignsByArtifact(
  { store }: Pick<FleetContext, 'store'>,
  condition = '',
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await store.read(
    `SELECT name, json_extract(body, '$.artifact') AS artifact FROM fleet_campaigns WHERE kind = 'update' ${condition}
     ORDER BY id DESC`,
  );
  const names = Map.groupBy(rows, ({ artifact }) => textOf(artifact ?? ''));
  return new Map([...names].map(([artifact, used]) => [artifact, used.map(({ name }) => textOf(name!))]));
}

async function listArtifacts(
  context: ArtifactContext,
  { cursor, limit: wanted }: { readonly limit?: number; readonly cursor?: string },
): Promise<FleetPage<FleetArtifact>> {
  const { store } = context;
  const limit = Math.min(wanted ?? FLEET_PAGE.usual, FLEET_PAGE.max);
  const before = cursor === undefined ? null : decodePlace(cursor).place;
  const rows = await store.read(
    `SELECT * FROM fleet_artifacts WHERE (CAST(:before AS INTEGER) IS NULL OR id < CAST(:before AS INTEGER))
     ORDER BY id DESC LIMIT :limit`,
    { before, limit: limit + 1 },
  );
  const [counted] = await store.read('SELECT count(*) AS n FROM fleet_artifacts');
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const campaigns = await campaignsByArtifact(context);
  return {
    items: page.map((row) => ({
      id: textOf(row.name!),
      sha256: textOf(row.sha256!),
      size_bytes: Number(row.bytes),
      manifest_sha256: textOf(row.manifest_sha256!),
      created_at: isoTime(Number(row.created_ms)),
      created_by: textOf(row.created_by!),
      campaigns: [...(campaigns.get(textOf(row.name!)) ?? []).slice(0, MAX_ARTIFACT_CAMPAIGNS)],
    })),
    total: Number(counted?.n),
    ...(rows.length > limit && last && { next: encodePlace({ place: Number(last.id), name: '' }) }),
  };
}
