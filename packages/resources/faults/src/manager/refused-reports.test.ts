import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { FaultStorage } from '../storage/fault-storage.ts';
import { type RobotFaults, robotFaults } from '../testing/robot-faults.ts';

const announced = ({ events }: RobotFaults) => events.map(({ type, fault }) => [type, fault.status]);
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A robot whose writes wait until a test decides, in order, whether the store refuses them. */
async function heldBack(configuration: Partial<FaultConfiguration> = {}) {
  const outcomes: ((refused: boolean) => void)[] = [];
  const robot = await robotFaults({
    configuration,
    through: (storage) => ({
      ...storage,
      save: async (change) => {
        const refused = await new Promise<boolean>((resolve) => outcomes.push(resolve));
        if (refused) throw new Error('busy');
        return storage.save(change);
      },
    }),
  });
  return { robot, outcomes };
}

describe('reports that the store refuses', () => {
  it('does not count failed writes, and continues from the earlier state', async () => {
    let broken = false;
    const fragile = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: async (change) => {
        if (broken) throw new Error('the disk is full');
        return storage.save(change);
      },
    });
    const robot = await robotFaults({ through: fragile, configuration: { confirmation_threshold: -3 } });
    await robot.fail();
    broken = true;
    await assert.rejects(robot.fail(), /the disk is full/);
    await assert.rejects(Promise.all([robot.fail(), robot.fail()]), /the disk is full/);
    await settled();
    await assert.rejects(robot.fail({ code: 'NEW' }), /the disk is full/);
    broken = false;
    await robot.fail();
    assert.deepEqual([robot.manager.get('F1')?.counter, robot.manager.get('NEW')], [-2, undefined]);
    await robot.fail();
    assert.equal(robot.captures.length, 1);
  });

  it('keeps the count of a later report that was built on a failed one', async () => {
    const { robot, outcomes } = await heldBack({ confirmation_threshold: -9 });
    const reports = [robot.fail(), robot.fail()];
    outcomes[0](true);
    await assert.rejects(reports[0], /busy/);
    const third = robot.fail();
    for (const write of outcomes.slice(1)) write(false);
    await Promise.all([reports[1], third]);
    assert.equal(robot.manager.get('F1')?.counter, -3);
  });

  it('writes the events of a refused report after the next report that was built on it', async () => {
    const { robot, outcomes } = await heldBack();
    const reports = [robot.fail(), robot.fail({ source: '/other' })];
    outcomes[0](true);
    await assert.rejects(reports[0], /busy/);
    outcomes[1](false);
    await reports[1];
    await settled();
    assert.deepEqual(announced(robot), [['fault_updated', 'CONFIRMED']]);
    outcomes[2](false);
    await settled();
    assert.deepEqual(announced(robot)[1], ['fault_confirmed', 'CONFIRMED']);
    assert.deepEqual(
      (await robot.manager.occurrences('F1')).map(({ number, endedAs }) => [number, endedAs]),
      [[1, '']],
    );
    assert.deepEqual(robot.captures.map(({ sources }) => sources).sort(), [['/other'], ['/source']]);
  });

  it('writes pending changes after all queued writes of a fault, unless newer ones replace them', async () => {
    const { robot, outcomes } = await heldBack();
    const ends = [robot.fail(), robot.fail(), robot.manager.clear('F1', { cascade: false })].map((each) =>
      each.catch(() => undefined),
    );
    outcomes[0](true);
    outcomes[1](false);
    outcomes[2](false);
    await Promise.all(ends);
    await settled();
    outcomes[3](false);
    await settled();
    assert.deepEqual(announced(robot), [
      ['fault_updated', 'CONFIRMED'],
      ['fault_cleared', 'CLEARED'],
    ]);
    assert.deepEqual(
      (await robot.manager.occurrences('F1')).map(({ number, endedAs }) => [number, endedAs]),
      [[1, 'CLEARED']],
    );
    assert.equal(robot.captures.length, 0);
  });

  it('drops the changes of reports that all failed, and retries what failed twice', async () => {
    const { robot, outcomes } = await heldBack();
    const refused = [robot.fail(), robot.fail()].map((report) => assert.rejects(report, /busy/));
    for (const write of outcomes.splice(0)) write(true);
    await Promise.all(refused);
    const reports = [robot.fail(), robot.fail()].map((report) => report.catch(() => undefined));
    outcomes[0](true);
    outcomes[1](false);
    await Promise.all(reports);
    outcomes[2](true);
    await settled();
    const other = robot.pass();
    outcomes[3](false);
    await other;
    outcomes[4](false);
    await robot.manager.stop();
    assert.deepEqual(
      announced(robot).map(([type]) => type),
      ['fault_updated', 'fault_updated', 'fault_confirmed'],
    );
    assert.equal(outcomes.length, 5);
  });

  it('builds on pending writes when a busy store rejects immediately', async () => {
    const outcomes: ((broken: boolean) => void)[] = [];
    let full = false;
    const robot = await robotFaults({
      configuration: { confirmation_threshold: -9 },
      through: (storage) => ({
        ...storage,
        save: async (change) => {
          if (full) throw new Error('busy');
          await new Promise<boolean>((resolve) => outcomes.push(resolve));
          return storage.save(change);
        },
      }),
    });
    const first = robot.fail();
    full = true;
    const second = assert.rejects(robot.fail(), /busy/);
    await settled();
    full = false;
    outcomes[0](false);
    await first;
    await second;
    const third = robot.fail();
    outcomes[1](false);
    await third;
    assert.equal(robot.manager.get('F1')?.counter, -2);
    assert.equal((await robot.manager.occurrences('F1')).length, 1);
  });

  it('lets a fault that was never stored explain no other', async () => {
    let broken = true;
    const robot = await robotFaults({
      rules: [
        {
          mode: 'hierarchical',
          id: 'estop',
          name: 'estop',
          windowMs: 1000,
          rootCause: ['ESTOP'],
          symptoms: ['MOTOR_*'],
          muteSymptoms: true,
          autoClearWithRoot: true,
        },
      ],
      through: (storage) => ({
        ...storage,
        save: async (change) => {
          if (broken) throw new Error('busy');
          return storage.save(change);
        },
      }),
    });
    await assert.rejects(robot.fail({ code: 'ESTOP' }), /busy/);
    broken = false;
    await robot.fail({ code: 'MOTOR_1' });
    assert.deepEqual(announced(robot), [['fault_confirmed', 'CONFIRMED']]);
    assert.deepEqual(robot.manager.list({ statuses: ['CONFIRMED'] }).muted, []);
  });

  it('captures a fault whose confirmation was written only at the second attempt', async () => {
    let broken = true;
    const fragile = (storage: FaultStorage): FaultStorage => ({
      ...storage,
      save: async (change) => {
        if (broken) throw new Error('busy');
        return storage.save(change);
      },
    });
    const robot = await robotFaults({ through: fragile });
    await assert.rejects(robot.fail(), /busy/);
    broken = false;
    await robot.fail();
    assert.deepEqual(
      robot.captures.map(({ faultCode }) => faultCode),
      ['F1'],
    );
  });
});
