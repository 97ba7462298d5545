import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RobotReply } from '../requests/robot-request.ts';
import { factsOf, MINUTE, NOW, rowOf } from '../testing/campaign-facts.ts';
import { conditionsOf } from './campaign-conditions.ts';
import type { CampaignWork, GateLimits } from './campaign-plan.ts';
import { step } from './kind-steps.ts';
import { type CampaignFacts, type CampaignRobot, type StepPlan, WAITS } from './robot-step.ts';

const WORK: Readonly<Record<CampaignWork['kind'], CampaignWork>> = {
  configuration: { kind: 'configuration', changes: [{ entity: 'apps/drive', parameter: 'speed', to: 2 }] },
  request: { kind: 'request', request: { method: 'DELETE', path: '/apps/drive/faults' } },
  script: {
    ...{ kind: 'script', entity: 'apps/drive', name: 'check.sh', text: 'true', sha256: 'c'.repeat(64) },
    ...{ parameters: undefined, timeoutMs: MINUTE },
  },
  update: {
    ...{ kind: 'update', artifact: 'map-2', sha256: 'a'.repeat(64), total: 9, manifestSha256: 'b'.repeat(64) },
    confirmWithinSec: 900,
  },
};
const KINDS = Object.keys(WORK) as CampaignWork['kind'][];
const planOf = (kind: CampaignWork['kind'], ...conditions: readonly string[]): StepPlan => ({
  ...{
    work: WORK[kind],
    gate: { soakMs: MINUTE } as GateLimits,
    conditions: conditionsOf({ conditions: [...conditions] }),
  },
});
const CHARGING = 'apps/battery/data/charging == true';
const CALL = { method: 'GET', path: '/apps/battery/data/charging' };

const charging = (data: unknown): readonly RobotReply[] => [{ status: 200, body: { data } }];
const firstRow = rowOf({ state: 'preparing', step: 'conditions', attempt: 1 });
const recheckRow = rowOf({ state: 'preparing', step: 'recheck', attempt: 1, found: [1] });
const after = (kind: CampaignWork['kind'], row: CampaignRobot, facts: Partial<CampaignFacts>) => {
  const next = step(planOf(kind, CHARGING), row, factsOf(facts));
  return { ...next.row, calls: next.calls };
};

describe('the conditions of a campaign', () => {
  it('are read before a robot begins, of each kind', () => {
    for (const kind of KINDS) {
      for (const row of [rowOf(), rowOf({ state: 'waiting', reason: WAITS.offline })]) {
        const { state, step: at, calls, isTouched } = after(kind, row, {});
        assert.deepEqual([state, at, calls, isTouched], ['preparing', 'conditions', [CALL], false], kind);
      }
    }
  });

  it('lead to the preparation, and of a request to the change, if they are fulfilled', () => {
    const begun = KINDS.map((kind) => {
      const { state, step: at, calls } = after(kind, firstRow, { replies: charging(true) });
      return [kind, state, at, calls.length];
    });
    assert.deepEqual(begun, [
      ['configuration', 'preparing', 'read', 1],
      ['request', 'executing', 'run', 1],
      ['script', 'preparing', 'find', 1],
      ['update', 'transferring', 'look', 1],
    ]);
  });

  it('are read again after the values before the change, and then lead to it', () => {
    const read = rowOf({ state: 'preparing', step: 'read', attempt: 1 });
    const again = after('configuration', read, { replies: [{ status: 200, body: { data: 1 } }] });
    assert.deepEqual(
      [again.state, again.step, again.found, again.isTouched, again.calls],
      ['preparing', 'recheck', [1], false, [CALL]],
    );
    const { calls: _, ...row } = again;
    const changed = after('configuration', row, { replies: charging(true) });
    assert.deepEqual(
      [changed.state, changed.step, changed.found, changed.isTouched, changed.changedMs],
      ['executing', 'write', [1], true, NOW],
    );
    assert.deepEqual(changed.calls, [{ method: 'PUT', path: '/apps/drive/configurations/speed', body: { data: 2 } }]);
  });

  it('are read again when an update is prepared, and then lead to its execution with the release before', () => {
    const ready = rowOf({ state: 'preparing', step: 'ready', attempt: 1 });
    const health = { 'x-medkit-updates': { in_use: 'map-1', gate_sec: 60 } };
    const { calls, ...row } = after('update', ready, { replies: [{ status: 200, body: health }] });
    const found = { previous: 'map-1', gateMs: MINUTE, epoch: 2 };
    assert.deepEqual([row.state, row.step, row.found, calls], ['preparing', 'recheck', found, [CALL]]);
    const executed = after('update', row, { replies: charging(true) });
    assert.deepEqual([executed.state, executed.step, executed.found], ['executing', 'execute', found]);
    assert.deepEqual(executed.calls[0]?.path, '/updates/map-2/execute');
  });

  it('are read again before an execution that did not arrive is sent again, with its attempt', () => {
    const found = { previous: 'map-1', gateMs: MINUTE, epoch: 1 };
    const cut = rowOf({ state: 'executing', step: 'follow', attempt: 2, found, isTouched: true, changedMs: NOW - 9 });
    const replies: readonly RobotReply[] = [{ status: 200, body: { 'x-medkit': { phase: 'prepared' } } }];
    const { calls, ...row } = after('update', cut, { replies });
    assert.deepEqual([row.step, row.isTouched, row.changedMs, calls], ['recheck', false, undefined, [CALL]]);
    const executed = after('update', row, { replies: charging(true) });
    assert.deepEqual([executed.step, executed.attempt, executed.isTouched], ['execute', 2, true]);
    assert.equal(after('update', row, { replies: charging(false) }).isTouched, false);
  });

  it('make a robot wait with what was found, without an end and without a change', () => {
    const text = `the condition ${CHARGING} is not fulfilled`;
    const cases: readonly (readonly [Partial<CampaignFacts>, string])[] = [
      [{ replies: charging(false) }, `${text}: the value is false`],
      [{ replies: charging('no') }, `${text}: the value "no" is not a boolean`],
      [{ replies: [{ status: 404, body: { message: 'gone' } }] }, `${text}: the robot answered 404: gone`],
      [{ replies: [{ status: 504, code: 'x-medkit-outcome-unknown' }] }, `${text}: the robot answered 504`],
      [{ isCut: true }, 'its conditions cannot be read: the robot does not answer'],
      [{ problem: 'the hub is full' }, 'its conditions cannot be read: the hub is full'],
      [{ isCut: true, isOnline: false }, WAITS.offline],
    ];
    for (const row of [firstRow, recheckRow]) {
      for (const [facts, reason] of cases) {
        for (const kind of KINDS) {
          const waiting = after(kind, { ...row, attempt: 9 }, facts);
          assert.deepEqual([waiting.state, waiting.reason, waiting.calls], ['waiting', reason, []]);
          assert.deepEqual([waiting.isTouched, waiting.changedMs, waiting.step], [false, undefined, undefined]);
          assert.equal(waiting.dueMs, reason === WAITS.offline ? NOW : NOW + MINUTE);
        }
      }
    }
  });

  it('do not change what ends or stops a robot that has not changed', () => {
    const states = (facts: Partial<CampaignFacts>) =>
      [firstRow, recheckRow].map((row) => {
        const { state, reason, calls } = after('configuration', row, { replies: charging(true), ...facts });
        assert.deepEqual(calls, []);
        return reason === undefined ? state : `${state}: ${reason}`;
      });
    assert.deepEqual(states({ order: 'hold' }), Array(2).fill(`waiting: ${WAITS.stopped}`));
    assert.deepEqual(states({ order: 'roll_back', isCut: true }), Array(2).fill(`waiting: ${WAITS.stopped}`));
    assert.deepEqual(states({ closed: 'night' }), Array(2).fill('waiting: night'));
    assert.deepEqual(states({ order: 'expire' }), Array(2).fill('expired'));
    assert.deepEqual(states({ order: 'cancel' }), Array(2).fill('cancelled'));
  });

  it('are asked again after a restart of the hub, and a plan without them asks for none', () => {
    for (const row of [firstRow, recheckRow]) {
      const next = step(planOf('configuration', CHARGING), row, factsOf());
      assert.deepEqual([next.row, next.calls], [row, [CALL]]);
    }
    assert.equal(step(planOf('configuration'), rowOf(), factsOf()).row.step, 'read');
    assert.equal(step(planOf('request'), rowOf(), factsOf()).row.step, 'run');
  });
});
