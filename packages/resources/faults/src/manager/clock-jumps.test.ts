import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CorrelationRule } from '../correlation/correlation-rule.ts';
import { readCorrelationRules } from '../correlation/read-correlation-rules.ts';
import { type RobotFaults, robotFaults } from '../testing/robot-faults.ts';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

const status = ({ manager }: RobotFaults) => manager.get('F1')?.status;

for (const [direction, hours] of [
  ['forward', 5],
  ['back', -5],
] as const) {
  describe(`a clock that is set ${direction} by hours`, () => {
    const step = ({ clock }: RobotFaults) => clock.stepWall(hours * HOUR_MS);

    it('does not change how long a fault stays prefailed', async () => {
      const robot = await robotFaults({ configuration: { confirmation_threshold: -3, auto_confirm_after_sec: 10 } });
      await robot.fail();
      await robot.clock.advanceAsync(4 * SECOND_MS, SECOND_MS);
      step(robot);
      await robot.clock.advanceAsync(5 * SECOND_MS, SECOND_MS);
      assert.equal(status(robot), 'PREFAILED');
      await robot.clock.advanceAsync(2 * SECOND_MS, SECOND_MS);
      assert.equal(status(robot), 'CONFIRMED');
      assert.equal(robot.manager.get('F1')?.confirmedAtNs, robot.events[0]?.timeNs);
    });

    it('does not change the time until a fault is captured again', async () => {
      const robot = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 0 } });
      const comeAgain = async () => {
        await robot.pass();
        await robot.fail();
      };
      await robot.fail();
      step(robot);
      await comeAgain();
      assert.equal(robot.captures.length, 1, 'within the minute');
      robot.clock.advance(61 * SECOND_MS);
      await comeAgain();
      assert.equal(robot.captures.length, 2, 'after it');
    });

    it('does not separate a symptom from its root cause', async () => {
      const rules = rulesOf(
        '{id: ESTOP, root_cause: {codes: [ESTOP]}, symptoms: [{codes: [MOTOR_*]}], window_ms: 1000}',
      );
      const robot = await robotFaults({ rules });
      await robot.fail({ code: 'ESTOP' });
      step(robot);
      await robot.fail({ code: 'MOTOR_1' });
      robot.clock.advance(2 * SECOND_MS);
      await robot.fail({ code: 'MOTOR_2' });
      const { faults, muted } = robot.manager.list({});
      assert.deepEqual(
        [faults.map(({ code }) => code), muted.map(({ faultCode }) => faultCode)],
        [['ESTOP', 'MOTOR_2'], ['MOTOR_1']],
      );
    });

    it('preserves the order of reports, near misses and events, with the times of the clock', async () => {
      const robot = await robotFaults({ configuration: { confirmation_threshold: -3 } });
      const at: bigint[] = [];
      for (let report = 0; report < 4; report += 1) {
        at.push(robot.clock.wallNs());
        await robot.fail();
        if (report === 1) step(robot);
        robot.clock.advance(SECOND_MS);
      }
      const { lastOccurredNs, firstOccurredNs, counter } = robot.manager.get('F1') ?? assert.fail();
      assert.deepEqual([firstOccurredNs, lastOccurredNs, counter], [at[0], at[3], -3]);
      const nearMisses = await robot.manager.nearMisses('F1');
      assert.deepEqual(
        nearMisses.map((nearMiss) => [nearMiss.counter, nearMiss.occurredAtNs]),
        [
          [-1, at[0]],
          [-2, at[1]],
        ],
      );
      const { events } = await robot.manager.eventsAfter(0, 10);
      assert.deepEqual(
        events.map(({ id, type, timeNs }) => [id, type, timeNs]),
        [
          [1, 'fault_confirmed', at[2]],
          [2, 'fault_updated', at[3]],
        ],
      );
    });

    it('leaves the times of an occurrence unchanged, and continues with the next', async () => {
      const robot = await robotFaults();
      const began = robot.clock.wallNs();
      await robot.fail();
      step(robot);
      const ended = robot.clock.wallNs();
      await robot.manager.clear('F1', { cascade: false });
      await robot.fail();
      const occurrences = await robot.manager.occurrences('F1');
      assert.deepEqual(
        occurrences.map(({ number, startedNs, endedNs }) => [number, startedNs, endedNs]),
        [
          [1, began, ended],
          [2, ended, 0n],
        ],
      );
    });
  });
}

it('a fault with a future time when medkit starts waits as long as a new one', async () => {
  const configuration = { confirmation_threshold: -3, auto_confirm_after_sec: 10 };
  const { store, clock, fail, manager } = await robotFaults({ configuration });
  await fail();
  await manager.stop();
  clock.stepWall(-HOUR_MS);
  const robot = await robotFaults({ configuration, store, clock });
  await clock.advanceAsync(9 * SECOND_MS, SECOND_MS);
  assert.equal(status(robot), 'PREFAILED');
  await clock.advanceAsync(3 * SECOND_MS, SECOND_MS);
  assert.equal(status(robot), 'CONFIRMED');
});

function rulesOf(rule: string): readonly CorrelationRule[] {
  return readCorrelationRules(`correlation: {enabled: true, rules: [${rule}]}`, 'rules.yaml').rules;
}
