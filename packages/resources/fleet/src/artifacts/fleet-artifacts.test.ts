import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_ARTIFACT_CAMPAIGNS, MAX_FLEET_ARTIFACTS } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { NO_QUOTAS } from '../fleet-context.ts';
import { FleetConflict, FleetInvalid, FleetNotFound, FleetQuotaReached } from '../fleet-refused.ts';
import { openFleet } from '../open-fleet.ts';
import { type FleetStage, fleetStage } from '../testing/fleet-stage.ts';
import type { StoredArtifact } from './read-artifact.ts';

const artifactOf = (name: string, sha256 = `sha-${name}`, bytes = 100): StoredArtifact => ({
  ...{ name, sha256, bytes },
  manifestSha256: `manifest-${name}`,
});

/** Stores a campaign that uses an artifact. */
const use = ({ store }: FleetStage, campaign: string, artifact: string) =>
  store.write([
    {
      sql: `INSERT INTO fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms)
            VALUES (?, 'update', ?, 'running', 0, 'ada', 1)`,
      parameters: [campaign, JSON.stringify({ kind: 'update', artifact })],
    },
  ]);
const end = ({ store }: FleetStage, campaign: string) =>
  store.write([{ sql: 'UPDATE fleet_campaigns SET ended_ms = 5 WHERE name = ?', parameters: [campaign] }]);

describe('the artifacts of a hub', () => {
  it('are listed in pages, the newest first, with the campaigns that use them', async () => {
    const hub = await fleetStage();
    const { artifacts } = hub.fleet;
    assert.deepEqual(await artifacts.list({}), { items: [], total: 0 });
    for (const name of ['nav-1', 'nav-2', 'Halle_3']) await artifacts.put(artifactOf(name), 'ada');
    for (let n = 1; n <= MAX_ARTIFACT_CAMPAIGNS + 1; n += 1) await use(hub, `c-${n}`, 'nav-1');
    const first = await artifacts.list({ limit: 2 });
    assert.deepEqual([first.items.map(({ id }) => id), first.total], [['Halle_3', 'nav-2'], 3]);
    const rest = await artifacts.list({ limit: 2, cursor: first.next! });
    const { campaigns, ...item } = rest.items[0]!;
    assert.deepEqual(item, {
      ...{ id: 'nav-1', sha256: 'sha-nav-1', size_bytes: 100, manifest_sha256: 'manifest-nav-1' },
      ...{ created_at: new Date(hub.clock.wallMs()).toISOString(), created_by: 'ada' },
    });
    assert.deepEqual([rest.next, campaigns.length, campaigns[0]], [undefined, MAX_ARTIFACT_CAMPAIGNS, 'c-21']);
    await assert.rejects(artifacts.list({ cursor: 'x' }), FleetInvalid);
    assert.deepEqual(await artifacts.read('nav-2'), artifactOf('nav-2'));
    assert.equal(await artifacts.read('nav-3'), undefined);
  });

  it('are replaced until a campaign used them, also after the campaign has ended', async () => {
    const hub = await fleetStage();
    const { artifacts } = hub.fleet;
    assert.equal(await artifacts.put(artifactOf('nav-1'), 'ada'), undefined);
    assert.equal(await artifacts.put(artifactOf('nav-1'), 'ada'), undefined);
    assert.equal(await artifacts.put(artifactOf('nav-1', 'other', 7), 'bob'), 'sha-nav-1');
    assert.deepEqual([...(await artifacts.digests())], ['other']);
    await use(hub, 'c-1', 'nav-1');
    await end(hub, 'c-1');
    const refusal = /campaign c-1 used the artifact nav-1 with other bytes .*: pack the update with another id/;
    for (const call of [artifacts.admit(artifactOf('nav-1')), artifacts.put(artifactOf('nav-1'), 'ada')]) {
      await assert.rejects(call, (error: Error) => error instanceof FleetConflict && refusal.test(error.message));
    }
    await artifacts.admit(artifactOf('nav-1', 'other', 7));
    assert.deepEqual(await artifacts.read('nav-1'), artifactOf('nav-1', 'other', 7));
  });

  it('are not removed while a campaign that has not ended uses them', async () => {
    const hub = await fleetStage();
    const { artifacts } = hub.fleet;
    await assert.rejects(artifacts.remove('nav-1'), FleetNotFound);
    await artifacts.put(artifactOf('nav-1'), 'ada');
    await use(hub, 'c-1', 'nav-1');
    await use(hub, 'c-2', 'nav-2');
    await assert.rejects(artifacts.remove('nav-1'), /campaign c-1 uses the artifact nav-1: .* cancel the campaign/);
    await end(hub, 'c-1');
    assert.equal(await artifacts.remove('nav-1'), 'sha-nav-1');
    assert.deepEqual([await artifacts.read('nav-1'), (await artifacts.list({})).total], [undefined, 0]);
  });

  it('are bounded in number, and in bytes by the quota of evidence', async () => {
    const hub = await fleetStage();
    const { store, clock, pings } = hub;
    for (let n = 0; n < MAX_FLEET_ARTIFACTS; n += 1) await hub.fleet.artifacts.put(artifactOf(`nav-${n}`), 'ada');
    await assert.rejects(hub.fleet.artifacts.admit(artifactOf('more')), /has 200 artifacts, which is the maximum/);
    await hub.fleet.artifacts.put(artifactOf('nav-1', 'other'), 'ada');
    await hub.fleet.artifacts.remove('nav-1');
    const { artifacts, evidence, quotaUse } = await openFleet({
      ...{ store, clock, pings, random: seededRandom(5), secret: new Uint8Array(32).fill(7), log: () => undefined },
      quotas: { ...NO_QUOTAS, evidenceBytes: 20_000 },
    });
    await artifacts.admit(artifactOf('more', 'sha', 100));
    await assert.rejects(artifacts.admit(artifactOf('more', 'sha', 101)), FleetQuotaReached);
    // The bytes that it replaces do not count.
    await artifacts.admit(artifactOf('nav-0', 'other', 200));
    await assert.rejects(evidence.assertRoom(1, 101), /19900 of 20000 bytes\. .*`medkit fleet artifacts delete`/);
    assert.equal((await quotaUse()).find(({ quota }) => quota === 'evidence_bytes')?.used, 19_900);
  });
});
