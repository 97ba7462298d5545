import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FleetConflict, FleetInvalid } from '../fleet-refused.ts';
import { checkPattern, checkRobotName, nameFromPattern, numberedName } from '../invitations/robot-name.ts';
import { ADDRESS, fleetStage, KEY } from '../testing/fleet-stage.ts';
import { MAX_ROBOTS } from './enrol.ts';

const OTHER = 'OTHEROTHEROTHEROTHER';
const MINUTE_MS = 60_000;

const refusedAs = (outcome: object): unknown => ('refused' in outcome ? outcome.refused : 'enrolled');

describe('an enrolment', () => {
  it('gives the same result for the same code and key each time, also after a restart of the hub', async () => {
    const { fleet, enrol, clock, reopen } = await fleetStage();
    const { code } = await fleet.invite({ robot: 'amr-17', site: 'berlin' }, 'ada');
    const first = await enrol(code);
    assert.deepEqual(
      { ...first, receipt: undefined },
      { robot: 'amr-17', tenant: 'default', status: 'pending', receipt: undefined },
    );
    clock.advance(2 * 60 * MINUTE_MS);
    assert.deepEqual(await enrol(code), first);
    const again = await (await reopen())
      .record({ address: ADDRESS })
      .enrol(KEY, { v: [1], enrol: code, machine: { name: 'another name' } });
    assert.deepEqual(again, first);
    await fleet.approve('amr-17', 'ada');
    const approved = await enrol(code);
    assert.equal('status' in approved && approved.status, 'approved');
    const robot = await fleet.robot('amr-17');
    assert.deepEqual(
      [robot?.site, robot?.fingerprint, robot?.machine, robot?.approved_by, robot?.presence],
      ['berlin', KEY, { name: 'AMR 17', serial: 'S-17' }, 'ada', 'never'],
    );
  });

  it('is refused for another key, an unknown, expired or withdrawn code, and a robot that exists', async () => {
    const { fleet, enrol, clock } = await fleetStage();
    const { code } = await fleet.invite({ robot: 'amr-17' }, 'ada');
    await enrol(code);
    assert.equal(refusedAs(await enrol(code, {}, OTHER)), 'invite-used');
    assert.equal(refusedAs(await enrol('0000000000000000', {}, OTHER)), 'invite-unknown');
    const late = await fleet.invite({ minutes: 5 }, 'ada');
    clock.advance(5 * MINUTE_MS);
    assert.equal(refusedAs(await enrol(late.code, { name: 'x' }, OTHER)), 'invite-expired');
    const withdrawn = await fleet.invite({}, 'ada');
    assert.equal(await fleet.withdraw(withdrawn.id), true);
    assert.equal(await fleet.withdraw(withdrawn.id), false);
    assert.equal(refusedAs(await enrol(withdrawn.code, { name: 'x' }, OTHER)), 'invite-unknown');
    const second = await fleet.invite({}, 'ada');
    assert.equal(refusedAs(await enrol(second.code)), 'invite-used', 'one key is one robot');
    await assert.rejects(fleet.invite({ robot: 'amr-17' }, 'ada'), FleetConflict);
    assert.deepEqual(
      (await fleet.invitations()).map(({ state }) => state),
      ['open', 'expired', 'used'],
    );
  });

  it('of two machines with one code at the same time succeeds for one', async () => {
    const { fleet, enrol } = await fleetStage();
    const { code } = await fleet.invite({}, 'ada');
    const outcomes = await Promise.all([KEY, OTHER].map((key) => enrol(code, { name: 'amr' }, key)));
    assert.deepEqual(outcomes.map(refusedAs).sort(), ['enrolled', 'invite-used']);
  });

  it('with an image names each machine by its serial, once', async () => {
    const { fleet, enrol } = await fleetStage();
    const { code } = await fleet.invite({ name_pattern: 'amr-{serial}', uses: 3, auto_approve: true }, 'ada');
    const machine = (serial: string, key: string) => enrol(code, { serial }, key);
    const first = await machine('A/1', 'K1');
    assert.equal('robot' in first && first.robot, 'amr-a-1');
    assert.deepEqual(await machine('A/1', 'K1'), first);
    assert.equal(refusedAs(await machine('A/1', 'K2')), 'invite-used');
    assert.equal(refusedAs(await enrol(code, {}, 'K2')), 'malformed');
    assert.equal('robot' in (await machine('a.1', 'K2')) && (await fleet.robot('amr-a-1-2'))?.state, 'approved');
    assert.equal(refusedAs(await machine('A3', 'K3')), 'enrolled');
    assert.equal(refusedAs(await machine('A4', 'K4')), 'invite-used');
  });

  it('is refused while there are too many wrong codes, from one address and in total', async () => {
    const { fleet, clock } = await fleetStage();
    const { code } = await fleet.invite({}, 'ada');
    const from = async (address: string, enrol: string) =>
      refusedAs(await fleet.record({ address }).enrol(KEY, { v: [1], enrol, machine: { name: 'a' } }));
    for (let count = 0; count < 20; count += 1) assert.equal(await from('a', `wrong ${count}`), 'invite-unknown');
    assert.equal(await from('a', code), 'too-many');
    assert.equal(await from('b', 'wrong'), 'invite-unknown');
    clock.advance(MINUTE_MS);
    for (let count = 0; count < 200; count += 1) assert.equal(await from(`${count}`, 'wrong'), 'invite-unknown');
    assert.equal(await from('c', code), 'too-many');
    clock.advance(MINUTE_MS);
    assert.equal(await from('a', code), 'enrolled');
  });

  it('is refused if the hub has as many robots as it may have', async () => {
    const { fleet, enrol } = await fleetStage();
    const { code } = await fleet.invite({ uses: 500, name_pattern: 'r{serial}', auto_approve: true }, 'ada');
    for (let count = 0; count < MAX_ROBOTS; count += 1) await enrol(code, { serial: `${count}` }, `K${count}`);
    const { code: more } = await fleet.invite({}, 'ada');
    assert.equal(refusedAs(await enrol(more)), 'too-many');
    await fleet.retire('r0');
    assert.equal(refusedAs(await enrol(more)), 'enrolled');
  });
});

describe('the name of a robot', () => {
  it('is checked, as are patterns', () => {
    for (const name of ['amr-17', '0', 'a'.repeat(63)]) checkRobotName(name);
    for (const name of ['', 'AMR', '-a', 'a_b', 'a'.repeat(64)])
      assert.throws(() => checkRobotName(name), FleetInvalid);
    for (const pattern of ['{name}', 'amr-{serial}', '{model}-{serial}']) checkPattern(pattern);
    for (const pattern of ['amr', '{key}', 'A{serial}', '-{serial}']) {
      assert.throws(() => checkPattern(pattern), FleetInvalid, pattern);
    }
  });

  it('is made of the facts of the machine', () => {
    assert.deepEqual(nameFromPattern('amr-{serial}', { serial: ' X_9 ' }), { name: 'amr-x-9' });
    assert.deepEqual(nameFromPattern('{serial}', { name: 'a' }), { missing: 'serial' });
    assert.equal(numberedName('a'.repeat(63), 12).length, 63);
  });
});
