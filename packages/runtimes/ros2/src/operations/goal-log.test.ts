import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { GoalState, GoalStatus } from '@medkit/ros2';
import { executionIdOf, goalIdOf } from './goal-id.ts';
import { GoalLog, isUnderWay, KEEP_ENDED_MS, MAX_GOALS } from './goal-log.ts';

const idOf = (number: number): string => number.toString(16).padStart(32, '0');

function state(number: number, status: GoalStatus, acceptedNs = BigInt(number)): GoalState {
  return { goalId: goalIdOf(idOf(number)), status, acceptedNs };
}

function setUp() {
  const clock = new SimulatedClock();
  const log = new GoalLog({ clock });
  return { clock, log, ids: () => log.all().map(({ id }) => Number.parseInt(id, 16)) };
}

describe('id of a goal', () => {
  it('is 32 lower-case hex digits, and a UUID with dashes for ROS', () => {
    const uuid = '4d9f5c0e-7a3b-4e0c-9a1d-2f6b8c7e5a10';
    for (const text of [uuid, uuid.toUpperCase(), uuid.replaceAll('-', '')]) {
      assert.equal(executionIdOf(text), '4d9f5c0e7a3b4e0c9a1d2f6b8c7e5a10');
    }
    assert.equal(goalIdOf('4d9f5c0e7a3b4e0c9a1d2f6b8c7e5a10'), uuid);
    for (const text of ['', 'x', `${uuid}0`, uuid.replace('4', 'g')]) assert.equal(executionIdOf(text), undefined);
  });
});

describe('log of goals', () => {
  it('shows the goals that the server lists, the newest first', () => {
    const { log, ids } = setUp();
    log.take([state(1, 'succeeded'), state(3, 'executing'), state(2, 'accepted')]);
    assert.deepEqual(ids(), [3, 2, 1]);
    assert.equal(log.underWay, 2);
  });

  it('knows when a goal began and ended, if it observed that', () => {
    const { clock, log } = setUp();
    log.take([state(1, 'accepted'), state(2, 'succeeded')]);
    clock.advance(10);
    log.take([state(1, 'executing'), state(2, 'succeeded')]);
    clock.advance(10);
    log.take([state(1, 'aborted'), state(2, 'succeeded')]);
    const [startMs, endMs] = [clock.wallMs() - 10, clock.wallMs()];
    assert.deepEqual([log.get(idOf(1))?.startedMs, log.get(idOf(1))?.endedMs], [startMs, endMs]);
    assert.deepEqual([log.get(idOf(2))?.startedMs, log.get(idOf(2))?.endedMs], [undefined, undefined]);
  });

  it('does not let an outdated list revive a goal that has ended', () => {
    const { log } = setUp();
    log.take([state(1, 'executing')]);
    log.note(idOf(1), { status: 'succeeded' });
    log.take([state(1, 'executing')]);
    assert.equal(log.get(idOf(1))?.status, 'succeeded');
  });

  it('treats a running goal as lost that the server does not list any more, until it lists it again', () => {
    const { log } = setUp();
    // Goal not in a list yet: the next list may be older than the goal.
    log.note(idOf(1), { status: 'accepted' });
    log.take([]);
    assert.equal(log.get(idOf(1))?.lost, false);
    log.take([state(1, 'executing'), state(2, 'succeeded')]);
    log.take([]);
    assert.equal(log.get(idOf(1))?.lost, true);
    assert.equal(log.get(idOf(2))?.lost, false);
    assert.equal(log.underWay, 0);
    log.take([state(1, 'executing')]);
    const { lost, endedMs } = log.get(idOf(1))!;
    assert.deepEqual([lost, endedMs, log.underWay], [false, undefined, 1]);
  });

  it('has the newest of more goals than it can store, and loses no known older goal', () => {
    const { log, ids } = setUp();
    const many = Array.from({ length: 3 * MAX_GOALS }, (_, number) => state(number, 'executing'));
    log.take(many.slice(0, 1));
    log.note(idOf(0), { status: 'succeeded' });
    log.take(many.slice(1, 2));
    log.take(many);
    assert.equal(ids()[0], 3 * MAX_GOALS - 1);
    assert.equal(ids().length, MAX_GOALS);
    assert.equal(
      log.all().some(({ lost }) => lost),
      false,
    );
  });

  it('notifies those who wait when no goal is running any more', async () => {
    const { log } = setUp();
    await log.untilQuiet();
    log.take([state(1, 'executing'), state(2, 'executing')]);
    let quiet = false;
    const waiting = log.untilQuiet().then(() => {
      quiet = true;
    });
    log.take([state(1, 'succeeded'), state(2, 'executing')]);
    await new Promise(setImmediate);
    assert.equal(quiet, false);
    log.take([state(1, 'succeeded'), state(2, 'canceled')]);
    await waiting;
  });

  it('forgets a goal some time after its end', () => {
    const { clock, log, ids } = setUp();
    log.take([state(1, 'succeeded'), state(2, 'executing')]);
    clock.advance(KEEP_ENDED_MS - 1);
    assert.deepEqual(ids(), [2, 1]);
    clock.advance(1);
    assert.deepEqual(ids(), [2]);
    assert.equal(log.get(idOf(1)), undefined);
  });

  it('forgets those that ended first if there are too many', () => {
    const { log, ids } = setUp();
    log.note(idOf(1), { status: 'executing', acceptedNs: 1n });
    for (let number = 2; number <= MAX_GOALS + 2; number++) {
      log.note(idOf(number), { status: 'succeeded', acceptedNs: BigInt(number) });
    }
    assert.equal(ids().length, MAX_GOALS);
    assert.ok(ids().includes(1));
    assert.ok(!ids().includes(2) && !ids().includes(3));
  });

  it('stays within its bounds whatever a server lists, and counts running goals correctly', () => {
    const statuses = ['unknown', 'accepted', 'executing', 'canceling', 'succeeded', 'canceled', 'aborted'] as const;
    for (let seed = 0; seed < 30; seed++) {
      const random = seededRandom(seed);
      const { clock, log } = setUp();
      const below = (limit: number) => Math.floor(random.float() * limit);
      for (let round = 0; round < 40; round++) {
        const list = Array.from({ length: below(200) }, () =>
          state(below(300), statuses[below(statuses.length)]!, BigInt(below(1000))),
        );
        log.take([...list, { goalId: 'nonsense', status: 'executing', acceptedNs: 0n }]);
        if (random.float() < 0.3) log.note(idOf(below(300)), { status: 'aborted' });
        clock.advance(below(KEEP_ENDED_MS / 10));
        const goals = log.all();
        assert.ok(goals.length <= MAX_GOALS);
        assert.equal(log.underWay, goals.filter(isUnderWay).length);
      }
    }
  });
});
