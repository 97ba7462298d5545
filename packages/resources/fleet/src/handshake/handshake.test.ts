import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ADDRESS, fleetStage, helloOf, KEY } from '../testing/fleet-stage.ts';

const NEW_KEY = 'NEWKEYNEWKEYNEWKEY17';

const refusedAs = (outcome: object | undefined): unknown =>
  outcome && 'refused' in outcome ? outcome.refused : 'accepted';

async function enrolled() {
  const stage = await fleetStage();
  await stage.robot('amr-17', KEY);
  return stage;
}

describe('the handshake', () => {
  it('is refused for an unknown, pending, revoked or retired robot', async () => {
    const { fleet, enrol, welcome } = await fleetStage();
    assert.equal(refusedAs(await welcome(KEY)), 'unknown');
    const { code } = await fleet.invite({ robot: 'amr-17' }, 'ada');
    await enrol(code);
    assert.deepEqual(await welcome(KEY), {
      refused: 'pending',
      retry_ms: 30_000,
      why: 'amr-17 waits for an approval at the hub',
    });
    await fleet.approve('amr-17', 'ada');
    assert.equal(refusedAs(await welcome(KEY)), 'accepted');
    await fleet.revoke('amr-17');
    assert.equal(refusedAs(await welcome(KEY)), 'revoked');
    assert.equal(refusedAs(await enrol(code)), 'revoked');
    await fleet.retire('amr-17');
    assert.equal(refusedAs(await welcome(KEY)), 'revoked');
  });

  it('stores each step before it is sent, and survives a kill of either end at each point', async () => {
    const { welcome, connect, fleet } = await enrolled();
    const first = await connect(KEY);
    // Killed after the hub stored the next step: the robot has the old one.
    assert.equal(refusedAs(await welcome(KEY, first)), 'accepted');
    // Killed after the robot stored the step and before it confirmed.
    const sent = await welcome(KEY, first);
    const stored = 'next' in sent ? sent.next : '';
    assert.equal(refusedAs(await welcome(KEY, stored)), 'accepted');
    // Killed after the hub stored the confirmation and before it sent `go`.
    const confirmed = await connect(KEY, stored);
    const last = await connect(KEY, confirmed);
    assert.equal((await fleet.robot('amr-17'))?.state, 'approved');
    assert.notEqual(last, confirmed);
  });

  it('is not confirmed by a connection that is older than another one', async () => {
    const { fleet, connect } = await enrolled();
    const first = await connect(KEY);
    const slow = fleet.record({ address: ADDRESS });
    const sent = await slow.welcome(KEY, helloOf({ ratchet: first }));
    const stored = 'next' in sent ? sent.next : '';
    // The robot stored the step, and connects again before the hub reads its confirmation.
    const next = await fleet.record({ address: ADDRESS }).welcome(KEY, helloOf({ ratchet: stored }));
    assert.equal(refusedAs(next), 'accepted');
    assert.equal(refusedAs(await slow.confirm(KEY, { wentBack: false })), 'too-many');
    assert.ok(await connect(KEY, stored));
  });

  it('stops both disks that use one key, until a person settles it', async () => {
    const { fleet, connect, welcome, changes } = await enrolled();
    const copied = await connect(KEY);
    const original = await connect(KEY, copied);
    assert.equal(refusedAs(await welcome(KEY, copied)), 'cloned');
    assert.equal(refusedAs(changes.at(-1)?.ended), 'cloned');
    assert.equal(refusedAs(await welcome(KEY, original)), 'cloned');
    const robot = await fleet.robot('amr-17');
    assert.deepEqual([robot?.state, robot?.problems[0]?.code], ['quarantined', 'cloned']);
    await assert.rejects(fleet.approve('amr-17', 'ada'), /only a pending robot/);
    // The disk that was refused is the restored one: it is accepted, and the other one is a clone from then on.
    const settled = await fleet.settle('amr-17', 'keep', 'ada');
    assert.deepEqual([settled.robot.state, settled.robot.problems, settled.invitation], ['approved', [], undefined]);
    const accepted = await connect(KEY, copied);
    assert.equal(refusedAs(await welcome(KEY, original)), 'cloned');
    await fleet.settle('amr-17', 'keep', 'ada');
    assert.ok(await connect(KEY, accepted));
  });

  it('of a disk without a step is a clone once the key has connected', async () => {
    const { connect, welcome } = await enrolled();
    await connect(KEY);
    assert.equal(refusedAs(await welcome(KEY)), 'cloned');
  });

  it('of a robot that is ahead of the hub is accepted, and noted', async () => {
    const { fleet, store, connect } = await enrolled();
    const first = await connect(KEY);
    const second = await connect(KEY, first);
    await store.write([{ sql: 'UPDATE fleet_robots SET ratchet_current = ?', parameters: [first] }]);
    await connect(KEY, second);
    assert.deepEqual(
      (await fleet.robot('amr-17'))?.problems.map(({ code }) => code),
      ['hub_went_back'],
    );
  });

  it('is refused at its end if the robot was revoked meanwhile', async () => {
    const { fleet } = await enrolled();
    const record = fleet.record({ address: ADDRESS });
    await record.welcome(KEY, helloOf());
    await fleet.revoke('amr-17');
    assert.equal(refusedAs(await record.confirm(KEY, { wentBack: false })), 'revoked');
    assert.equal(refusedAs(await fleet.connected('amr-17', { hello: helloOf(), address: ADDRESS })), 'revoked');
  });

  it('of a new machine replaces the earlier key, and retains name, site and labels', async () => {
    const { fleet, enrol, connect, welcome, changes } = await enrolled();
    await connect(KEY);
    await fleet.describe('amr-17', { site: 'berlin', labels: { model: 'a200' }, note: 'arm is loose' });
    const { code } = await fleet.replace('amr-17', 'ada');
    assert.equal(refusedAs(await welcome(KEY)), 'cloned', 'nothing changes before its use');
    await fleet.settle('amr-17', 'keep', 'ada');
    await enrol(code, { serial: 'S-18' }, NEW_KEY);
    assert.equal(refusedAs(changes.at(-1)?.ended), 'revoked');
    assert.equal(refusedAs(await welcome(KEY)), 'revoked');
    await fleet.approve('amr-17', 'ada');
    await connect(NEW_KEY);
    const robot = await fleet.robot('amr-17');
    assert.deepEqual(
      [robot?.fingerprint, robot?.site, robot?.labels, robot?.note, robot?.machine],
      [NEW_KEY, 'berlin', { model: 'a200' }, 'arm is loose', { serial: 'S-18' }],
    );
  });

  it('of a hub with another secret is impossible: its key cannot be read', async () => {
    const { reopen, fleet } = await enrolled();
    assert.deepEqual((await reopen()).identity, fleet.identity);
    await assert.rejects(reopen(new Uint8Array(32).fill(8)), /Restore that file/);
    await assert.rejects(reopen(new Uint8Array(16)), /must have 32 bytes/);
  });
});

describe('a session', () => {
  it('has an epoch, and only the newest one ends the presence', async () => {
    const { fleet, clock, changes } = await enrolled();
    const session = { hello: helloOf({ versions: { medkit: '0.3.0', software: 'nav-2' } }), address: '10.0.0.7' };
    const first = await fleet.connected('amr-17', session);
    clock.advance(1000);
    const second = await fleet.connected('amr-17', session);
    assert.deepEqual([first, second], [{ epoch: 1 }, { epoch: 2 }]);
    await fleet.disconnected('amr-17', 1, 'the network is lost');
    assert.equal((await fleet.robot('amr-17'))?.presence, 'online');
    clock.advance(60_000);
    await fleet.seen(['amr-17', 'other']);
    const online = await fleet.robot('amr-17');
    assert.deepEqual(
      [online?.last_seen, online?.since, online?.versions, online?.address],
      ['2026-01-01T00:01:01.000Z', '2026-01-01T00:00:00.000Z', { medkit: '0.3.0', software: 'nav-2' }, '10.0.0.7'],
    );
    await fleet.disconnected('amr-17', 2, 'the network is lost');
    assert.equal((await fleet.robot('amr-17'))?.presence, 'offline');
    assert.deepEqual(changes.filter(({ topic }) => topic === 'presence').length, 3);
  });

  it('of an earlier process of the hub has ended', async () => {
    const { fleet, reopen } = await enrolled();
    await fleet.connected('amr-17', { hello: helloOf(), address: ADDRESS });
    const next = await reopen();
    assert.equal((await next.robot('amr-17'))?.presence, 'offline');
    assert.deepEqual(await next.connected('amr-17', { hello: helloOf(), address: ADDRESS }), { epoch: 3 });
  });

  it('ends in the transaction that revokes the robot', async () => {
    const { fleet } = await enrolled();
    await fleet.connected('amr-17', { hello: helloOf(), address: ADDRESS });
    const robot = await fleet.revoke('amr-17');
    assert.deepEqual([robot.state, robot.presence], ['revoked', 'offline']);
  });
});
