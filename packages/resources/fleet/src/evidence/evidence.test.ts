import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetEvidenceRule } from '@medkit/contract';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { decideEvidence } from './evidence-rules.ts';

const DAY_MS = 86_400_000;

/** Robots `amr-1` to `amr-6` with version nav-1, and what they report. */
async function setUp() {
  const stage = await fleetStage();
  const { fleet, store, clock } = stage;
  const names = Array.from({ length: 6 }, (_, at) => `amr-${at + 1}`);
  for (const [at, name] of names.entries()) {
    await stage.robot(name, `K-${name}`);
    await fleet.describe(name, { site: at < 3 ? 'berlin' : 'munich' });
  }
  await store.write([{ sql: "UPDATE fleet_robots SET software = 'nav-1'" }]);
  const robotId = (name: string): number => names.indexOf(name) + 1;
  /** A fault of a robot, active unless it has ended. */
  const fault = (name: string, code: string, severity: number) =>
    store.write([
      {
        sql: "INSERT INTO fleet_faults VALUES (?, '', ?, ?, ?) ON CONFLICT DO NOTHING",
        parameters: [
          robotId(name),
          code,
          severity,
          JSON.stringify({ fault_code: code, severity, entity_type: 'app', entity_id: 'nav' }),
        ],
      },
    ]);
  let seq = 0;
  /** Evidence that a robot reports, which is judged. Returns its state. */
  const report = async (name: string, kind: string, code: string, occurrence = 1, id = `${code}-${occurrence}`) => {
    seq += 1;
    const body = JSON.stringify({ evidence: kind, id, occurrence, recording_id: id, format: 'mcap', size_bytes: 9 });
    await store.write([
      {
        sql: 'INSERT INTO fleet_evidence (robot, key, log, seq, code, body) VALUES (?, ?, ?, ?, ?, ?)',
        parameters: [robotId(name), `${kind} ${id}`, 'log-1', seq, code, body],
      },
    ]);
    await fleet.evidence.judge(name);
    const { items } = await fleet.evidence.list({ robot: name });
    return items.find(({ descriptor }) => descriptor.evidence === kind && descriptor.id === id)!;
  };
  const due = async () =>
    (await fleet.evidence.transfers.due(names, true)).map(({ robot, kind }) => `${robot} ${kind}`);
  return { ...stage, names, fault, report, due, evidence: fleet.evidence, clock };
}

describe('rules of evidence', () => {
  it('are decided by the first that matches', async () => {
    const rules: readonly FleetEvidenceRule[] = [
      { match: { code: 'A', site: 'berlin' }, collect: ['logs'] },
      { match: { severity: 'error' }, collect: ['frames'], recording: { per_robot_day: 2 } },
      { match: { issue: 'new' }, collect: ['recording'] },
      { match: { campaign: 'running' }, collect: ['logs', 'recording'] },
    ];
    const decide = async (fault: object, kind: 'frames' | 'logs' | 'recording', isNew = false, isIn = false) => {
      const found = { code: 'A', severity: 1 as const, site: undefined, ...fault };
      const { isCollected, sample } = await decideEvidence(rules, found, kind, {
        isNew: async () => isNew,
        isInCampaign: async () => isIn,
      });
      return sample ?? isCollected;
    };
    assert.equal(await decide({ site: 'berlin' }, 'logs'), true);
    assert.equal(await decide({ site: 'berlin', severity: 3 }, 'frames'), false);
    assert.equal(await decide({ site: 'munich' }, 'logs'), false);
    assert.equal(await decide({ severity: 3 }, 'frames'), true);
    assert.deepEqual(await decide({ severity: 2 }, 'recording'), { perRobotDay: 2 });
    assert.equal(await decide({}, 'recording', true), true);
    assert.equal(await decide({}, 'recording'), false);
    assert.equal(await decide({}, 'recording', false, true), true);
  });

  it('are the default ones until a person stores others', async () => {
    const { evidence } = await setUp();
    const { items, changed_by } = await evidence.rules();
    assert.deepEqual([items.length, changed_by], [4, undefined]);
    const rule: FleetEvidenceRule = { match: {}, collect: ['logs'] };
    const changed = await evidence.setRules([rule], 'ada');
    assert.deepEqual([changed.items, changed.changed_by], [[rule], 'ada']);
    await assert.rejects(evidence.setRules(Array(51).fill(rule), 'ada'), FleetInvalid);
  });
});

describe('reported evidence', () => {
  it('is announced when its robot connects, if the hub ended before it was judged', async () => {
    const { fleet, store, changes, report } = await setUp();
    const topicsOfConnect = async (): Promise<readonly string[]> => {
      changes.length = 0;
      await fleet.connected('amr-1', { hello: helloOf(), address: ADDRESS });
      return changes.map(({ robot, topic }) => `${robot} ${topic}`);
    };
    assert.deepEqual(await topicsOfConnect(), ['amr-1 presence']);
    await report('amr-2', 'frames', 'HOT');
    await report('amr-1', 'frames', 'HOT');
    assert.deepEqual(await topicsOfConnect(), ['amr-1 presence']);
    await store.write([{ sql: "UPDATE fleet_evidence SET key = 'frames OTHER' WHERE robot = 1" }]);
    assert.deepEqual(await topicsOfConnect(), ['amr-1 presence', 'amr-1 evidence']);
    await fleet.evidence.judge('amr-1');
    assert.deepEqual(await topicsOfConnect(), ['amr-1 presence']);
  });

  it('is requested by the default rules: all of a severe or new fault, frames of a mild one', async () => {
    const { fault, report } = await setUp();
    await fault('amr-1', 'HOT', 3);
    await fault('amr-1', 'MAP', 1);
    await fault('amr-2', 'MAP', 1);
    assert.equal((await report('amr-1', 'recording', 'HOT')).state, 'queued');
    // New on this version, for all evidence of its first occurrence.
    assert.equal((await report('amr-1', 'frames', 'MAP')).state, 'queued');
    const first = await report('amr-1', 'recording', 'MAP');
    assert.deepEqual([first.state, first.entity, first.version], ['queued', 'apps/nav', 'nav-1']);
    assert.equal((await report('amr-2', 'recording', 'MAP')).state, 'offered');
    assert.equal((await report('amr-2', 'frames', 'MAP')).state, 'queued');
    assert.equal((await report('amr-2', 'logs', 'MAP')).state, 'offered');
    assert.equal((await report('amr-1', 'recording', 'MAP', 2)).state, 'offered');
  });

  it('of robots outside of a view does not exist, nor does what the hub has of them', async () => {
    const { fleet, fault, report, evidence, names } = await setUp();
    await evidence.setRules([{ match: {}, collect: [], recording: { per_issue_version: 1 } }], 'ada');
    for (const name of names) await fault(name, 'MAP', 2);
    const hidden = await report('amr-5', 'recording', 'MAP');
    const offered = await report('amr-1', 'recording', 'MAP');
    assert.match(String(offered.reason), /1 recordings of this fault/);
    const { evidence: visible } = fleet.within(await fleet.view([[{ site: 'berlin' }]]));
    const { items, total } = await visible.list({});
    assert.deepEqual([total, items.map(({ robot, reason }) => [robot, reason])], [1, [['amr-1', undefined]]]);
    assert.equal((await visible.get(offered.id)).robot, 'amr-1');
    assert.equal((await visible.list({ code: 'MAP', state: 'queued' })).total, 0);
    await assert.rejects(visible.get(hidden.id), new FleetNotFound(`The hub has no evidence ${hidden.id}`));
    await assert.rejects(visible.list({ robot: 'amr-5' }), FleetNotFound);
  });

  it('is sampled over the fleet, and by robot and day', async () => {
    const { fault, report, evidence, names } = await setUp();
    await evidence.setRules([{ match: {}, collect: [], recording: { per_issue_version: 3, per_robot_day: 1 } }], 'ada');
    for (const name of names) await fault(name, 'MAP', 2);
    assert.equal((await report('amr-1', 'recording', 'MAP')).state, 'queued');
    const second = await report('amr-1', 'recording', 'MAP', 2);
    assert.deepEqual(
      [second.state, second.reason],
      ['offered', 'the hub has 1 recordings of this robot within 24 hours'],
    );
    assert.equal((await report('amr-2', 'recording', 'MAP')).state, 'queued');
    assert.equal((await report('amr-3', 'recording', 'MAP')).state, 'queued');
    const fourth = await report('amr-4', 'recording', 'MAP');
    assert.match(String(fourth.reason), /the hub has 3 recordings of this fault and version/);
  });

  it('of a robot that sends no byte for a day gives its place to another robot, at another site if there is one', async () => {
    const { fault, report, evidence, names, clock, due } = await setUp();
    await evidence.setRules([{ match: {}, collect: [], recording: { per_issue_version: 2 } }], 'ada');
    for (const name of names) await fault(name, 'MAP', 2);
    for (const name of ['amr-1', 'amr-2', 'amr-3', 'amr-4']) await report(name, 'recording', 'MAP');
    assert.deepEqual(await due(), ['amr-1 recording', 'amr-2 recording']);
    const [begun] = await evidence.transfers.due(names, true);
    await evidence.transfers.progress(begun!.id, { bytes: 4, etag: 'a', size: 9 });
    clock.advance(DAY_MS + 1);
    await evidence.transfers.releaseReservations();
    assert.deepEqual(await due(), ['amr-1 recording', 'amr-4 recording']);
    const { items } = await evidence.list({ robot: 'amr-2' });
    assert.match(String(items[0]?.reason), /no byte was received within 24 hours/);
  });

  it('has the state gone if the robot removes it before it was fetched, and stays if the hub has it', async () => {
    const { fault, report, evidence, store, names } = await setUp();
    await fault('amr-1', 'HOT', 3);
    const [one, two] = [await report('amr-1', 'recording', 'HOT', 1), await report('amr-1', 'recording', 'HOT', 2)];
    const [transfer] = await evidence.transfers.due(names, true);
    await evidence.transfers.kept(transfer!, { bytes: 9, sha256: 'ab'.repeat(32) });
    await store.write([{ sql: 'DELETE FROM fleet_evidence' }]);
    await evidence.judge('amr-1');
    const [kept, gone] = [await evidence.get(one.id), await evidence.get(two.id)];
    assert.deepEqual([kept.state, kept.name, kept.stored_bytes], ['kept', 'HOT-1.mcap', 9]);
    assert.deepEqual([gone.state, gone.reason], ['gone', 'the robot has removed it']);
    await assert.rejects(evidence.request(two.id, 'ada'), FleetConflict);
  });
});

describe('a person', () => {
  it('requests evidence that no rule collects, and pins a stored file', async () => {
    const { fault, report, evidence, names, due, clock } = await setUp();
    await evidence.setRules([], 'ada');
    await fault('amr-1', 'MAP', 2);
    const { id, state } = await report('amr-1', 'recording', 'MAP');
    assert.deepEqual([state, await due()], ['offered', []]);
    await assert.rejects(evidence.pin(id, true), FleetConflict);
    const requested = await evidence.request(id, 'ada');
    assert.deepEqual([requested.state, requested.requested_by], ['queued', 'ada']);
    const [transfer] = await evidence.transfers.due(names, true);
    assert.equal(transfer?.trafficClass, 3);
    await evidence.transfers.kept(transfer!, { bytes: 9, sha256: 'cd'.repeat(32) });
    assert.equal((await evidence.pin(id, true)).pinned, true);
    clock.advance(91 * DAY_MS);
    assert.deepEqual(await evidence.files.expire(), []);
    await evidence.pin(id, false);
    assert.deepEqual(await evidence.files.expire(), ['cd'.repeat(32)]);
    const ended = await evidence.get(id);
    assert.deepEqual([ended.state, ended.reason], ['offered', 'its retention at the hub has ended']);
  });

  it('has the files of an active fault and of the last occurrence of an open issue beyond their retention', async () => {
    const { fault, report, evidence, names, clock, store } = await setUp();
    await fault('amr-1', 'HOT', 3);
    for (const occurrence of [1, 2, 3]) await report('amr-1', 'recording', 'HOT', occurrence);
    for (const transfer of await evidence.transfers.due(names, true)) {
      await evidence.transfers.kept(transfer, { bytes: 9, sha256: `${transfer.id}`.repeat(64) });
    }
    const occurrence = (number: number, began: number, ended: number | null) => ({
      sql: `INSERT INTO fleet_occurrences
              (robot, origin, code, number, started_ms, began_ms, ended_ms, severity, issue, changed)
            VALUES (1, '', 'HOT', ?, ?, ?, CAST(? AS INTEGER), 3, 1, 0)`,
      parameters: [number, began, began, ended],
    });
    await store.write([
      { sql: "INSERT INTO fleet_issues (fingerprint, severity) VALUES ('f', 3)" },
      ...[occurrence(1, 10, null), occurrence(2, 20, 25), occurrence(3, 30, 35)],
    ]);
    const stored = async () => {
      const { items } = await evidence.list({ state: 'kept' });
      return items.map(({ descriptor }) => descriptor.occurrence).sort();
    };
    assert.deepEqual(await stored(), [1, 2, 3]);
    clock.advance(91 * DAY_MS);
    await evidence.files.expire();
    assert.deepEqual(await stored(), [1, 3]);
    await store.write([{ sql: "UPDATE fleet_issues SET decision = 'muted'" }]);
    await evidence.files.expire();
    assert.deepEqual(await stored(), [1]);
    await store.write([{ sql: 'UPDATE fleet_occurrences SET ended_ms = began_ms + 1' }]);
    await evidence.files.expire();
    assert.deepEqual(await stored(), []);
  });

  it('learns that there is no such evidence', async () => {
    const { evidence } = await setUp();
    for (const id of ['7', 'x', '']) await assert.rejects(evidence.get(id), FleetNotFound);
    await assert.rejects(evidence.list({ robot: 'none' }), FleetNotFound);
    await assert.rejects(evidence.list({ cursor: 'x' }), FleetInvalid);
  });

  it('erases what a robot reported since a time; a file that other robots have stays', async () => {
    const { fault, report, evidence, names, clock } = await setUp();
    for (const name of ['amr-1', 'amr-2']) await fault(name, 'HOT', 3);
    const early = await report('amr-1', 'recording', 'HOT', 1);
    clock.advance(DAY_MS);
    const sinceMs = clock.wallMs();
    for (const [name, occurrence] of [
      ['amr-1', 2],
      ['amr-1', 3],
      ['amr-2', 1],
    ] as const) {
      await report(name, 'recording', 'HOT', occurrence);
    }
    const digests = ['aa', 'bb', 'cc', 'cc'].map((pair) => pair.repeat(32));
    for (const [at, transfer] of (await evidence.transfers.due(names, true)).entries()) {
      await evidence.transfers.kept(transfer, { bytes: 9, sha256: digests[at]! });
    }
    const erased = await evidence.files.erase('amr-1', sinceMs, 'ada');
    assert.deepEqual(erased, { removed: 2, unused: ['bb'.repeat(32)] });
    assert.equal((await evidence.get(early.id)).state, 'kept');
    await evidence.judge('amr-1');
    assert.deepEqual(await evidence.transfers.due(names, true), []);
  });
});

describe('a transfer', () => {
  it('fails after ten attempts in vain, and one with progress goes on', async () => {
    const { fault, report, evidence, names, clock } = await setUp();
    await fault('amr-1', 'HOT', 3);
    const { id } = await report('amr-1', 'recording', 'HOT');
    const attempt = async () => {
      const [transfer] = await evidence.transfers.due(names, true);
      await evidence.transfers.wait(transfer!.id, { reason: 'the reply broke off', ms: 1000, isAttempt: true });
      clock.advance(1000);
    };
    for (let count = 0; count < 9; count += 1) await attempt();
    await evidence.transfers.progress(Number(id), { bytes: 4, etag: 'a', size: 9 });
    for (let count = 0; count < 9; count += 1) await attempt();
    const waiting = await evidence.get(id);
    assert.deepEqual([waiting.state, waiting.reason, waiting.stored_bytes], ['fetching', 'the reply broke off', 4]);
    await attempt();
    const failed = await evidence.get(id);
    assert.deepEqual([failed.state, failed.reason], ['failed', '10 attempts in vain: the reply broke off']);
  });

  it('of frames and of the log window of a fault stores one file for both', async () => {
    const { fault, report, evidence, names } = await setUp();
    await fault('amr-1', 'HOT', 3);
    for (const kind of ['frames', 'logs']) await report('amr-1', kind, 'HOT');
    const [transfer] = await evidence.transfers.due(names, false);
    await evidence.transfers.kept(transfer!, { bytes: 9, sha256: 'ee'.repeat(32) });
    const { items, total } = await evidence.list({ state: 'kept' });
    assert.deepEqual([items.map(({ descriptor }) => descriptor.evidence), total], [['logs', 'frames'], 2]);
    assert.deepEqual([...(await evidence.files.digests())], ['ee'.repeat(32)]);
    await evidence.files.lost('ee'.repeat(32));
    assert.equal((await evidence.list({ state: 'lost' })).total, 2);
  });

  it('is listed in pages', async () => {
    const { fault, report, evidence } = await setUp();
    await fault('amr-1', 'HOT', 3);
    for (let at = 1; at <= 5; at += 1) await report('amr-1', 'recording', 'HOT', at);
    const first = await evidence.list({ limit: 2 });
    const second = await evidence.list({ limit: 2, cursor: first.next! });
    const last = await evidence.list({ limit: 2, cursor: second.next! });
    const occurrences = [first, second, last].flatMap(({ items }) => items.map((item) => item.descriptor.occurrence));
    assert.deepEqual([occurrences, last.next, last.total], [[5, 4, 3, 2, 1], undefined, 5]);
  });
});
