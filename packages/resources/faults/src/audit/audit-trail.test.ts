import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RobotFaults, robotFaults } from '../testing/robot-faults.ts';

/** Returns transition and source of each record in the outbox. */
const trail = async ({ store }: RobotFaults) =>
  (await store.read('SELECT transition, source_id FROM audit_outbox ORDER BY id')).map(({ transition, source_id }) =>
    [transition, source_id].join(' '),
  );

describe('the audit trail', () => {
  it('A16, A23: contains each change once, with its author', async () => {
    const configuration = {
      'audit_log.enabled': true,
      healing_enabled: true,
      healing_threshold: 0,
      auto_confirm_after_sec: 5,
    };
    const robot = await robotFaults({ configuration, overrides: { '/slow': { confirmationThreshold: -3 } } });
    await robot.fail();
    await robot.fail();
    await robot.pass();
    await robot.pass();
    await robot.manager.clear('F1', { cascade: false });
    await robot.fail({ code: 'F2', source: '/slow' });
    await robot.clock.advanceAsync(6000, 1000);
    assert.deepEqual(await trail(robot), [
      'occurred /source',
      'confirmed /source',
      'healed auto_heal',
      'cleared clear_service',
      'occurred /slow',
      'confirmed auto_confirm_timer',
    ]);
  });

  it('names the client that cleared a fault, if it is known', async () => {
    const robot = await robotFaults({ configuration: { 'audit_log.enabled': true } });
    for (const client of ['alice', '', 'x'.repeat(1000)]) {
      await robot.fail();
      await robot.manager.clear('F1', { cascade: false, client });
    }
    const cleared = (await trail(robot)).filter((record) => record.startsWith('cleared'));
    const long = `cleared clear_service:${'x'.repeat(256)}`;
    assert.deepEqual(cleared, ['cleared clear_service:alice', 'cleared clear_service', long]);
  });

  it('A23: contains only confirmations if that is configured, and nothing if it is disabled', async () => {
    const confirmations = await robotFaults({
      configuration: { 'audit_log.enabled': true, 'audit_log.transitions': 'confirmed_only' },
    });
    const off = await robotFaults();
    for (const robot of [confirmations, off]) {
      await robot.fail();
      await robot.manager.clear('F1', { cascade: false });
    }
    assert.deepEqual([await trail(confirmations), await trail(off)], [['confirmed /source'], []]);
  });

  it('A23: contains once what a restart cleared, and a restart clears it also if the log is disabled', async () => {
    for (const enabled of [true, false]) {
      const first = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 0 } });
      await first.fail();
      await first.pass();
      const { store, clock } = first;
      for (let start = 0; start < 2; start += 1) {
        const { manager } = await robotFaults({ store, clock, configuration: { 'audit_log.enabled': enabled } });
        assert.equal(manager.get('F1')?.status, 'CLEARED');
      }
      assert.deepEqual(await trail(first), enabled ? ['cleared startup_reclassify'] : []);
    }
  });
});
