import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { fleetOf } from '../testing/fault-fleet.ts';
import { changeOutbox } from './change-outbox.ts';

const HOUR_MS = 3_600_000;

async function recorded() {
  const stage = await fleetOf(['amr-1']);
  const outbox = changeOutbox({ store: stage.store, clock: stage.clock, random: seededRandom(3) });
  const hub = await outbox.start('', 'machine');
  const read = async () => {
    await outbox.skipOld();
    return (await outbox.waiting()).changes.map(({ message }) => message);
  };
  return { ...stage, outbox, hub, read };
}

describe('the outbox of changes', () => {
  it('has faults, presence, issues, outbreaks and campaigns in the order of their commit', async () => {
    const { fleet, robot, store, outbox, read, hub, clock } = await recorded();
    assert.equal(hub, 'machine');
    robot('amr-1').fault('MOTOR_HOT', 'confirmed', { severity: 3 });
    robot('amr-1').fault('MOTOR_HOT', 'healed', { severity: 3 });
    await robot('amr-1').ingest();
    await fleet.issues.change('1', { state: 'resolved', in_version: '9.0' }, 'ada');
    const now = Math.floor(clock.wallMs());
    const insert = (sql: string) => store.write([{ sql: sql.replaceAll(/\bNOW\b/g, `${now}`) }]);
    await insert(`INSERT INTO fleet_outbreaks (kind, subject, severity, began_ms, changed_ms, body)
      VALUES ('robot_lost', 'amr-1', 2, 1000, NOW, '{"about":"amr-1 is lost.","robots":1}')`);
    await insert("UPDATE fleet_outbreaks SET changed_ms = NOW, ended_ms = 2500 WHERE subject = 'amr-1'");
    await insert("UPDATE fleet_outbreaks SET changed_ms = NOW + 1 WHERE subject = 'amr-1'");
    await insert(`INSERT INTO fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms)
      VALUES ('c-1', 'request', '{}', 'running', NOW, 'ada', 9000)`);
    await insert("UPDATE fleet_campaigns SET state = 'stopped', reason = 'the gate'");
    await insert("UPDATE fleet_campaigns SET state = 'stopped'");
    await fleet.disconnected('amr-1', 1, 'it left');
    const messages = await read();
    assert.deepEqual(
      messages.map(({ topic, change }) => `${topic} ${change}`),
      [
        'fault confirmed',
        'fault healed',
        'issue opened',
        'issue decided',
        'outbreak opened',
        'outbreak ended',
        'campaign created',
        'campaign changed',
        'presence went',
      ],
    );
    const [fault, , opened, decided, outbreak, ended, , stopped, presence] = messages;
    assert.deepEqual(fault!.topic === 'fault' && [fault.robot, fault.event.fault.fault_code], ['amr-1', 'MOTOR_HOT']);
    const issue = { id: '1', severity: 3, fault_code: 'MOTOR_HOT', entity_id: 'arm' };
    assert.deepEqual(opened!.topic === 'issue' && opened.issue, { ...issue, state: 'new' });
    assert.deepEqual(decided!.topic === 'issue' && decided.issue, { ...issue, state: 'resolved', decided_by: 'ada' });
    const lost = { id: '1', kind: 'robot_lost', subject: 'amr-1', about: 'amr-1 is lost.', robots: 1, severity: 2 };
    assert.deepEqual(outbreak!.topic === 'outbreak' && outbreak.outbreak, {
      ...lost,
      began: '1970-01-01T00:00:01.000Z',
    });
    assert.deepEqual(ended!.topic === 'outbreak' && ended.outbreak.ended, '1970-01-01T00:00:02.500Z');
    assert.deepEqual(stopped!.topic === 'campaign' && stopped.campaign, {
      ...{ id: 'c-1', kind: 'request', state: 'stopped', reason: 'the gate' },
    });
    assert.deepEqual(presence!.topic === 'presence' && [presence.robot, presence.reason], ['amr-1', 'it left']);
    assert.equal(presence!.at, new Date(Math.floor(clock.wallMs())).toISOString());
    assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length);
    assert.deepEqual(await read(), messages, 'a repeated message has the same id and content');
    await outbox.remove([1, 2, 3]);
    assert.deepEqual(await read(), messages.slice(3));
  });

  it('records nothing until it is started and after it is stopped, and has another token after that', async () => {
    const { robot, outbox, read, store } = await recorded();
    const report = async (code: string) => {
      robot('amr-1').fault(code, 'confirmed');
      await robot('amr-1').ingest();
    };
    assert.deepEqual(await read(), [], 'what happened earlier is no change');
    await report('ONE');
    const [first] = await read();
    await outbox.stop();
    await report('TWO');
    assert.deepEqual(await read(), []);
    assert.deepEqual((await store.read('SELECT count(*) AS n FROM fleet_publisher'))[0], { n: 0 });
    assert.equal(await outbox.start('Zentrale Süd', 'machine'), 'Zentrale Süd');
    assert.equal(await outbox.start('', 'other machine'), 'Zentrale Süd', 'the first name is stored');
    await report('THREE');
    const [third] = await read();
    assert.notEqual(third!.id.split('-')[0], first!.id.split('-')[0]);
  });

  it('skips and counts changes that waited for a day, and the oldest ones beyond the limit', async () => {
    const { robot, outbox, clock } = await recorded();
    /** The first one opens an issue, too. */
    const report = async (count: number) => {
      for (let at = 0; at < count; at += 1) robot('amr-1').fault('MOTOR', 'updated');
      await robot('amr-1').ingest();
    };
    await report(3);
    await clock.advance(23 * HOUR_MS);
    await report(10);
    assert.equal(await outbox.skipOld(), 0);
    await clock.advance(2 * HOUR_MS);
    assert.equal(await outbox.skipOld(), 3);
    assert.equal(await outbox.skipOld(4), 7);
    const { waiting, skipped, skippedMs } = await outbox.state();
    assert.deepEqual([waiting, skipped, skippedMs], [4, 10, Math.floor(clock.wallMs())]);
    await outbox.remove([14], true);
    assert.equal((await outbox.state()).skipped, 11);
  });
});
