import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enrolmentReceipt, hubSecrets } from '../hub/hub-secrets.ts';
import { ADDRESS, fleetStage, helloOf, KEY } from '../testing/fleet-stage.ts';
import { MAX_ROBOTS } from './enrol.ts';

const OTHER = 'OTHEROTHEROTHEROTHER';
const SECRET = new Uint8Array(32).fill(7);

/** A hub whose database is a copy from before the enrolment of `amr-17`; further robots were enrolled since then. */
async function restored() {
  const before = await fleetStage();
  const { code } = await before.fleet.invite({ robot: 'amr-17', auto_approve: true }, 'ada');
  const enrolled = await before.enrol(code);
  if ('refused' in enrolled) throw new Error(enrolled.refused);
  const ratchet = await before.connect(KEY, await before.connect(KEY));
  const stage = await fleetStage();
  await stage.robot('amr-1', OTHER);
  const welcome = (key: string, receipt: string, step?: string) =>
    stage.fleet
      .record({ address: ADDRESS })
      .welcome(key, helloOf({ receipt, ...(step !== undefined && { ratchet: step }) }));
  return { ...stage, receipt: enrolled.receipt, ratchet, welcome };
}

const refusedAs = (outcome: object): unknown => ('refused' in outcome ? outcome.refused : 'accepted');

describe('a hub that was restored to a copy from before an enrolment', () => {
  it('recognizes its robot by the receipt, as pending with the reason, and accepts it once it is approved', async () => {
    const { fleet, welcome, receipt, ratchet, store, changes } = await restored();
    assert.equal(refusedAs(await welcome(KEY, receipt, ratchet)), 'pending');
    assert.equal(refusedAs(await welcome(KEY, receipt, ratchet)), 'pending');
    assert.deepEqual(changes.at(-1), { robot: 'amr-17', topic: 'robot' });
    const robot = await fleet.robot('amr-17');
    assert.deepEqual(
      [robot?.state, robot?.fingerprint, robot?.machine, robot?.problems.map(({ code }) => code)],
      ['pending', KEY, {}, ['hub_went_back']],
    );
    assert.match(robot?.problems[0]?.message ?? '', /receipt.*older copy.*approve/);
    await fleet.approve('amr-17', 'ada');
    const accepted = await welcome(KEY, receipt, ratchet);
    assert.equal(refusedAs(accepted), 'accepted');
    assert.ok('next' in accepted && accepted.receipt === undefined, 'the receipt stays valid');
    assert.equal((await store.read('SELECT id FROM fleet_robots')).length, 2);
    assert.equal((await fleet.invitations()).length, 1);
  });

  it('does not know a robot with a false receipt, the receipt of another key, or none', async () => {
    const { fleet, welcome, receipt } = await restored();
    const forged = enrolmentReceipt(hubSecrets(new Uint8Array(32).fill(8)).receipt, {
      ...{ robot: 'amr-17', tenant: 'default', fingerprint: KEY, addedMs: 5 },
    });
    const others = [forged, receipt.replace('amr-17', 'amr-18'), receipt.slice(0, -1), `${receipt}A`, 'a.b.c', ''];
    for (const other of others) assert.equal(refusedAs(await welcome(KEY, other)), 'unknown', other);
    assert.equal(refusedAs(await welcome('STRANGERSTRANGERSTRA', receipt)), 'unknown');
    assert.deepEqual((await fleet.robots({})).total, 1);
  });

  it('does not take over the name of a robot that it has', async () => {
    const { fleet, welcome } = await restored();
    const facts = { robot: 'amr-1', tenant: 'default', fingerprint: KEY, addedMs: 5 };
    const receipt = enrolmentReceipt(hubSecrets(SECRET).receipt, facts);
    assert.equal(refusedAs(await welcome(KEY, receipt)), 'unknown');
    assert.equal((await fleet.robot('amr-1'))?.fingerprint, OTHER);
  });

  it('adopts no more robots than it may have', async () => {
    const { fleet, welcome, receipt, enrol } = await restored();
    const { code } = await fleet.invite({ uses: 500, name_pattern: 'r{serial}', auto_approve: true }, 'ada');
    for (let count = 1; count < MAX_ROBOTS; count += 1) await enrol(code, { serial: `${count}` }, `K${count}`);
    assert.equal(refusedAs(await welcome(KEY, receipt)), 'too-many');
  });
});
