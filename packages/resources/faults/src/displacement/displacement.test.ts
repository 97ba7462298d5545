import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULT_STATUSES, type FaultSeverity, type FaultStatus } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { SEVERITY } from '../fault/severity.ts';
import type { FaultStorage } from '../storage/fault-storage.ts';
import { faultStore, type RobotFaults, type RobotOptions, robotFaults } from '../testing/robot-faults.ts';
import { MAX_ACTIVE, MAX_FAULTS, MAX_FAULTS_PER_SOURCE } from './displacement.ts';

const { INFO, WARN, ERROR, CRITICAL } = SEVERITY;
const QUIET = { 'snapshots.enabled': false } as const;

/** A number of confirmed faults of one severity, from as many sources as needed. */
interface Lot {
  readonly count: number;
  readonly severity: FaultSeverity;
  readonly name?: string;
  readonly status?: FaultStatus;
}

/** A robot that starts with these faults stored, since reporting them would take long. */
async function robotWith(lots: readonly Lot[], options: RobotOptions = {}): Promise<RobotFaults> {
  const store = faultStore(new SimulatedClock());
  await store.write(
    lots.map(({ count, severity, name = `S${severity}`, status = 'CONFIRMED' }) => ({
      sql: `INSERT INTO faults (fault_code, severity, description, first_occurred_ns, last_occurred_ns, occurrence_count,
              status, reporting_sources, debounce_counter)
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)
            SELECT :name || '_' || i, :severity, '', i, i, 1, :status, '["/' || :name || '/' || (i / :each) || '"]', -1 FROM n`,
      parameters: { last: count - 1, name, severity, status, each: MAX_FAULTS_PER_SOURCE },
    })),
  );
  return robotFaults({ configuration: QUIET, ...options, store });
}

const errorMessage = async (answer: ReturnType<RobotFaults['fail']>) => {
  const result = await answer;
  return result.accepted ? 'accepted' : result.reason;
};
const faultCount = ({ manager }: RobotFaults) => manager.list({ statuses: FAULT_STATUSES }).faults.length;

describe('the room for faults', () => {
  it('is reserved in part for higher severities, and no active fault is removed for them', async () => {
    for (const severity of [INFO, WARN, ERROR] as const) {
      const robot = await robotWith([{ count: MAX_ACTIVE[severity] - 1, severity }]);
      const report = (code: string, more = {}) =>
        errorMessage(robot.fail({ code, severity, source: '/other', ...more }));
      assert.equal(await report('LAST'), 'accepted');
      const refused = await report('ONE_MORE');
      assert.match(
        refused,
        /are active, so only faults of higher severity are accepted: clear some faults to accept ONE_MORE$/,
      );
      assert.equal(await report('FIRE', { severity: CRITICAL }), 'accepted');
      const { standing, refused: count, displaced } = robot.manager.room();
      assert.deepEqual([standing, count, displaced], [MAX_ACTIVE[severity] + 1, 1, 0]);
      assert.equal(faultCount(robot), standing);
    }
  });

  it('is not used up by one source, whatever it reports', async () => {
    const robot = await robotWith([{ count: MAX_FAULTS_PER_SOURCE, severity: CRITICAL }]);
    const source = '/S3/0';
    const refused = await errorMessage(robot.fail({ code: 'ITS_NEXT', severity: CRITICAL, source }));
    assert.equal(
      refused,
      '/S3/0 already has 2000 faults, the maximum of one source: clear some, or fix their cause (ITS_NEXT)',
    );
    assert.equal(await errorMessage(robot.fail({ code: 'OTHER', severity: INFO, source: '/other' })), 'accepted');
    assert.equal(await errorMessage(robot.fail({ code: 'S3_7', severity: CRITICAL, source })), 'accepted', 'known');
    await robot.manager.clear('S3_7', { cascade: false });
    assert.equal(await errorMessage(robot.fail({ code: 'ITS_NEXT', severity: INFO, source })), 'accepted');
    assert.equal(robot.manager.get('S3_7'), undefined, 'it gave way to the next of its source');
  });

  it('is made for a critical fault by removing the least severe one, unconfirmed before confirmed and the oldest first', async () => {
    const robot = await robotWith(
      [
        { count: 10, severity: INFO },
        { count: 1, severity: ERROR, name: 'APPROACHING', status: 'PREFAILED' },
        { count: MAX_FAULTS - 11, severity: CRITICAL },
      ],
      { configuration: { ...QUIET, 'audit_log.enabled': true } },
    );
    await robot.fail({ code: 'FIRE', severity: CRITICAL, source: '/other' });
    await robot.fail({ code: 'FLOOD', severity: CRITICAL, source: '/other' });
    assert.deepEqual(
      ['APPROACHING_0', 'S0_0', 'S0_1'].map((code) => robot.manager.get(code)?.status),
      [undefined, undefined, 'CONFIRMED'],
    );
    assert.deepEqual(
      robot.events.map(({ type, fault }) => `${type} ${fault.code} ${fault.status}`),
      ['fault_confirmed FIRE CONFIRMED', 'fault_cleared S0_0 CLEARED', 'fault_confirmed FLOOD CONFIRMED'],
    );
    assert.equal(robot.manager.room().displaced, 2);
    const texts = robot.notices.map(({ text }) => text);
    assert.ok(
      texts.includes('the maximum number of faults is reached: APPROACHING_0 was removed for FIRE'),
      texts.join(),
    );
    const records = await robot.store.read("SELECT fault_code FROM audit_outbox WHERE source_id = 'displacement'");
    assert.deepEqual(records, [{ fault_code: 'APPROACHING_0' }, { fault_code: 'S0_0' }]);
    const { manager } = await robotFaults({ store: robot.store });
    assert.deepEqual([manager.get('S0_0'), manager.get('FIRE')?.severity], [undefined, CRITICAL]);
  });

  it('is made by removing the fault closed longest ago, also after a restart', async () => {
    const robot = await robotWith([{ count: MAX_FAULTS, severity: CRITICAL }]);
    assert.notEqual(await errorMessage(robot.fail({ code: 'ONE_MORE', severity: CRITICAL })), 'accepted');
    assert.equal(await errorMessage(robot.pass({ code: 'ONE_MORE' })), 'accepted');
    for (const code of ['S3_3', 'S3_7']) await robot.manager.clear(code, { cascade: false });
    assert.equal(await errorMessage(robot.fail({ code: 'ONE_MORE', severity: CRITICAL })), 'accepted');
    assert.deepEqual([robot.manager.get('S3_3'), robot.manager.get('S3_7')?.status], [undefined, 'CLEARED']);
    const again = await robotFaults({ store: robot.store, configuration: QUIET });
    assert.equal(await errorMessage(again.fail({ code: 'ANOTHER', severity: CRITICAL })), 'accepted');
    assert.deepEqual([again.manager.get('S3_7'), faultCount(again)], [undefined, MAX_FAULTS]);
  });

  it('is not made by a fault that could not be written', async () => {
    let broken = true;
    const through = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: async (change) => {
        if (broken) throw new Error('the disk is full');
        return storage.save(change);
      },
    });
    const lots = [
      { count: 1, severity: INFO },
      { count: MAX_FAULTS - 1, severity: CRITICAL },
    ];
    const robot = await robotWith(lots, { through });
    await assert.rejects(robot.fail({ code: 'FIRE', severity: CRITICAL }), /the disk is full/);
    broken = false;
    assert.deepEqual([robot.manager.get('S0_0')?.status, robot.manager.room().displaced], ['CONFIRMED', 0]);
    assert.equal(await errorMessage(robot.fail({ code: 'FIRE', severity: CRITICAL })), 'accepted');
    assert.deepEqual([robot.manager.get('S0_0'), robot.manager.room().displaced], [undefined, 1]);
  });

  it('is reported when nine tenths of it are taken, by one source or by all, and again after it was far below that', async () => {
    const near = MAX_FAULTS_PER_SOURCE * 0.9;
    const rest = MAX_ACTIVE[ERROR] * 0.9 - near;
    const robot = await robotWith([
      { count: near - 1, severity: ERROR, name: 'CHATTY' },
      ...[1, 2, 3, 4].map((other) => ({ count: rest / 4 - 1, severity: ERROR, name: `OTHER${other}` })),
    ]);
    const texts = () => robot.notices.map(({ text }) => text);
    assert.deepEqual([texts(), robot.manager.room().nearlyFullSources], [[], []]);
    await robot.fail({ code: 'STRAW', source: '/CHATTY/0' });
    const ofSource =
      '1800 faults of /CHATTY/0 are active; from 2000 on, its new faults are rejected until some are cleared';
    assert.deepEqual([texts(), robot.manager.room().nearlyFullSources], [[ofSource], ['/CHATTY/0']]);
    await robot.manager.clear('STRAW', { cascade: false });
    await robot.fail({ code: 'STRAW', source: '/CHATTY/0' });
    assert.equal(texts().length, 1, 'not with every one that comes and goes');
    for (let other = 0; other < 4; other += 1) await robot.fail({ code: `LAST_${other}`, source: '/rest' });
    assert.deepEqual(texts().slice(1), ['9000 faults are active; from 10000 on, only critical faults are accepted']);
    assert.equal(robot.manager.room().isNearlyFull, true);
    const clears = Array.from({ length: 1001 }, (_, index) =>
      robot.manager.clear(`CHATTY_${index}`, { cascade: false }),
    );
    await Promise.all(clears);
    const { isNearlyFull, nearlyFullSources } = robot.manager.room();
    assert.deepEqual([isNearlyFull, nearlyFullSources], [false, []]);
  });
});
