import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RobotFaults, robotFaults } from '../testing/robot-faults.ts';
import { MAX_OCCURRENCES_PER_FAULT } from './occurrence.ts';

/** Returns occurrences with times in seconds since the start of the test. */
async function history({ manager, clock }: RobotFaults) {
  const startNs = clock.wallNs() - BigInt(Math.round(clock.monotonicMs() * 1e6));
  const seconds = (timeNs: bigint) => (timeNs === 0n ? 0 : Number((timeNs - startNs) / 1_000_000_000n));
  return (await manager.occurrences('F1')).map(({ number, startedNs, confirmedAtNs, endedNs, endedAs }) =>
    [number, seconds(startedNs), seconds(confirmedAtNs), seconds(endedNs), endedAs].join(' '),
  );
}

describe('occurrences of a fault', () => {
  it('are separated by clears: when each began, was confirmed and ended', async () => {
    const robot = await robotFaults({ configuration: { confirmation_threshold: -2 } });
    for (const act of [robot.fail, robot.fail, robot.fail, robot.pass]) {
      robot.clock.advance(1000);
      await act();
    }
    robot.clock.advance(1000);
    await robot.manager.clear('F1', { cascade: false });
    robot.clock.advance(1000);
    await robot.fail();
    assert.deepEqual(await history(robot), ['1 1 2 5 CLEARED', '2 6 0 0 ']);
  });

  it('start again each time a healed fault is confirmed again', async () => {
    const robot = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 0 } });
    const acts = [robot.fail, robot.pass, robot.fail, robot.pass, robot.fail];
    const seen: (readonly string[])[] = [];
    for (const act of acts) {
      robot.clock.advance(1000);
      await act();
      seen.push(await history(robot));
    }
    const healed = ['1 1 1 2 HEALED', '2 3 3 4 HEALED'];
    assert.deepEqual(seen, [
      ['1 1 1 0 '],
      healed.slice(0, 1),
      [...healed.slice(0, 1), '2 3 3 0 '],
      healed,
      [...healed, '3 5 5 0 '],
    ]);
    assert.equal(robot.manager.get('F1')?.occurrenceCount, 3);
  });

  it('do not include failures of a healed fault that do not confirm it', async () => {
    const configuration = { healing_enabled: true, healing_threshold: 1, confirmation_threshold: -2 };
    const robot = await robotFaults({ configuration });
    const acts = [robot.fail, robot.fail, robot.pass, robot.pass, robot.pass, robot.fail, robot.fail, robot.fail];
    const counts: (number | undefined)[] = [];
    for (const act of acts) {
      robot.clock.advance(1000);
      await act();
      counts.push(robot.manager.get('F1')?.occurrenceCount);
    }
    assert.deepEqual(counts, [1, 1, 1, 1, 1, 1, 1, 2]);
    assert.deepEqual(await history(robot), ['1 1 2 5 HEALED', '2 8 8 0 ']);
  });

  it('are stored up to a limit, the newest', async () => {
    const robot = await robotFaults();
    for (let occurrence = 0; occurrence < MAX_OCCURRENCES_PER_FAULT + 3; occurrence += 1) {
      await robot.fail();
      await robot.manager.clear('F1', { cascade: false });
    }
    const occurrences = await robot.manager.occurrences('F1');
    assert.deepEqual([occurrences.length, occurrences[0].number], [MAX_OCCURRENCES_PER_FAULT, 4]);
  });
});
