import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLEET_CAMPAIGN_ROBOT_STATES, type FleetCampaignRobotState } from '@medkit/contract';
import type { RobotReply } from '../requests/robot-request.ts';
import { factsOf, HOUR, MINUTE, NOW, rowOf, USUAL_FACTS } from '../testing/campaign-facts.ts';
import type { CampaignWork, GateLimits } from './campaign-plan.ts';
import { step } from './kind-steps.ts';
import type { CampaignStep } from './robot-calls.ts';
import { type CampaignFacts, type CampaignRobot, WAITS } from './robot-step.ts';

const changes = [
  { entity: 'apps/drive', parameter: 'speed', from: 1, to: 2 },
  { entity: 'apps/a b', parameter: 'mode/x', to: 'slow' },
];
const configuration: CampaignWork = { kind: 'configuration', changes };
const request: CampaignWork = { kind: 'request', request: { method: 'DELETE', path: '/apps/drive/faults' } };
const gate = { soakMs: 10 * MINUTE } as GateLimits;
const FOUND = [1, 'fast'];

const ok = (data?: unknown): RobotReply => ({ status: 200, body: data === undefined ? {} : { data } });
const refused: RobotReply = { status: 403, body: { message: 'no' } };
const busy: RobotReply = { status: 409, body: { message: 'locked' } };
const unknown: RobotReply = { status: 504, code: 'x-medkit-outcome-unknown', body: {} };

/** A row in each state, and in each step of it. */
const ROWS: Readonly<Record<string, CampaignRobot>> = {
  selected: rowOf(),
  waiting: rowOf({ state: 'waiting', reason: WAITS.offline }),
  read: rowOf({ state: 'preparing', step: 'read', attempt: 1 }),
  write: rowOf({ state: 'executing', step: 'write', attempt: 1, found: FOUND, isTouched: true }),
  check: rowOf({ state: 'executing', step: 'check', attempt: 1, found: FOUND, isTouched: true }),
  soaking: rowOf({ state: 'soaking', found: FOUND, isTouched: true, dueMs: NOW + 1 }),
  restore: rowOf({ state: 'rolling_back', step: 'restore', attempt: 1, found: FOUND, isTouched: true, reason: 'bad' }),
  done: rowOf({ state: 'done', found: FOUND, isTouched: true }),
  lost: rowOf({ state: 'lost', found: FOUND, isTouched: true }),
  failed: rowOf({ state: 'failed', found: FOUND, isTouched: true }),
  rolled_back: rowOf({ state: 'rolled_back', found: FOUND }),
  skipped: rowOf({ state: 'skipped' }),
  expired: rowOf({ state: 'expired' }),
  cancelled: rowOf({ state: 'cancelled' }),
};

/** The facts of the columns of the table. */
const FACTS: Readonly<Record<string, CampaignFacts>> = {
  ...USUAL_FACTS,
  'expire cut': factsOf({ isCut: true, order: 'expire' }),
  hold: factsOf({ order: 'hold' }),
  roll_back: factsOf({ order: 'roll_back' }),
  expire: factsOf({ order: 'expire' }),
  'expire away': factsOf({ order: 'expire', isOnline: false }),
  cancel: factsOf({ order: 'cancel' }),
};

/** `=` is the same row without a request, `P2` is `preparing` with two requests. */
const CODES: Readonly<Record<string, FleetCampaignRobotState>> = {
  ...{ W: 'waiting', P: 'preparing', E: 'executing', B: 'rolling_back' },
  ...{ D: 'done', L: 'lost', X: 'expired', C: 'cancelled' },
};

/** The result of each fact, in the order of `FACTS`: waves and places, then times and cuts, then orders. */
const TABLE: Readonly<Record<string, string>> = {
  selected: '   P2 =  W  W  W    W  P2 P2 P2 X    =  =  X  X  C',
  waiting: '    P2 =  W  W  =    =  P2 P2 P2 X    =  =  X  X  C',
  read: '       P2 P2 P2 P2 W    W  P2 P  P  X    W  W  X  X  C',
  write: '      E2 E2 E2 E2 E    L  L  E  L  E    E2 E2 E2 E  E2',
  check: '      E2 E2 E2 E2 E    L  L  E  L  E    E2 E2 E2 E  E2',
  soaking: '    =  =  =  =  =    D  D  =  D  =    =  B  =  =  =',
  restore: '    B2 B2 B2 B2 B    B  B2 B  B  L    B2 B2 B2 L  B2',
  done: '       =  =  =  =  =    =  =  =  =  =    =  B  =  =  =',
  lost: '       =  =  =  =  =    =  =  =  =  =    =  B  =  =  =',
  failed: '     =  =  =  =  =    =  =  =  =  =    =  =  =  =  =',
  rolled_back: '=  =  =  =  =    =  =  =  =  =    =  =  =  =  =',
  skipped: '    =  =  =  =  =    =  =  =  =  =    =  =  =  =  =',
  expired: '    =  =  =  =  =    =  =  =  =  =    =  =  =  =  =',
  cancelled: '  =  =  =  =  =    =  =  =  =  =    =  =  =  =  =',
};

describe('a step of a robot in a campaign', () => {
  it('leads from each state by each fact to one state', () => {
    const named = Object.values(ROWS).map(({ state }) => state);
    const ofUpdates = ['transferring', 'confirming'];
    assert.deepEqual([...new Set(named), ...ofUpdates].sort(), [...FLEET_CAMPAIGN_ROBOT_STATES].sort());
    for (const [name, row] of Object.entries(ROWS)) {
      const expected = TABLE[name]!.trim()
        .split(/ +/)
        .map((code) => `${CODES[code[0]!] ?? '='}${code.length > 1 ? ` ${code[1]}` : ''}`);
      assert.equal(expected.length, Object.keys(FACTS).length, name);
      const actual = Object.values(FACTS).map((facts) => {
        const next = step({ work: configuration, gate }, row, facts);
        if (next.row === row && next.calls.length === 0) return '=';
        return `${next.row.state}${next.calls.length > 0 ? ` ${next.calls.length}` : ''}`;
      });
      assert.deepEqual(
        Object.keys(FACTS).map((fact, index) => `${fact}: ${actual[index]}`),
        Object.keys(FACTS).map((fact, index) => `${fact}: ${expected[index]}`),
        name,
      );
    }
  });

  it('has the same result for the same arguments: a hub that was killed asks the same again', () => {
    for (const row of Object.values(ROWS)) {
      for (const facts of Object.values(FACTS)) {
        const next = (): unknown => step({ work: configuration, gate }, row, facts);
        assert.deepEqual(next(), next());
      }
    }
  });
});

/** What replies lead to: the state, its step and attempt, and its reason. */
function after(row: CampaignRobot, replies: readonly RobotReply[], work = configuration) {
  const next = step({ work, gate }, row, factsOf({ replies }));
  return { ...next.row, calls: next.calls };
}

describe('the replies of a robot to a configuration', () => {
  const inState = (state: FleetCampaignRobotState, at: CampaignStep, attempt = 1) => ({
    ...Object.values(ROWS).find((row) => row.state === state && row.step === at)!,
    attempt,
  });
  const read = inState('preparing', 'read');
  const write = inState('executing', 'write');
  const check = inState('executing', 'check');
  const restore = inState('rolling_back', 'restore');

  it('store the values before, and set the new ones', () => {
    const { state, step: at, found, isTouched, changedMs, calls } = after(read, [ok(1), ok('fast')]);
    assert.deepEqual([state, at, found, isTouched, changedMs], ['executing', 'write', FOUND, true, NOW]);
    assert.deepEqual(calls, [
      { method: 'PUT', path: '/apps/drive/configurations/speed', body: { data: 2 } },
      { method: 'PUT', path: '/apps/a%20b/configurations/mode%2Fx', body: { data: 'slow' } },
    ]);
  });

  it('skip a robot with another value, with the new values, or without one', () => {
    const reasonOf = (...replies: RobotReply[]) => {
      const { state, reason } = after(read, replies);
      assert.equal(state, 'skipped');
      return reason;
    };
    assert.equal(reasonOf(ok(3), ok('fast')), 'speed of apps/drive is 3 instead of 1');
    assert.match(reasonOf(ok(1), ok(null))!, /mode\/x of apps\/a b has no value/);
    assert.match(reasonOf(ok(1), ok('x'.repeat(70_000)))!, /more than 65536 characters/);
    const { state } = step(
      { work: { kind: 'configuration', changes: [{ entity: 'apps/drive', parameter: 'speed', to: 2 }] }, gate },
      read,
      factsOf({ replies: [ok(2)] }),
    ).row;
    assert.equal(state, 'skipped');
  });

  it('compare integers beyond the safe range, lists and objects by value', () => {
    const work = (from: unknown): CampaignWork => ({
      kind: 'configuration',
      changes: [{ entity: 'apps/drive', parameter: 'p', from, to: 0 }],
    });
    const same = (from: unknown, value: unknown) => after(read, [ok(value)], work(from)).state === 'executing';
    assert.deepEqual(
      [
        same(2n ** 60n, 2n ** 60n),
        same(2n ** 60n, 2n ** 60n + 1n),
        same(1, 1n),
        same([1, 2], [1, 2]),
        same([1], [1, 2]),
      ],
      [true, false, true, true, false],
    );
    assert.deepEqual([same({ a: [1] }, { a: [1] }), same({ a: 1 }, { b: 1 }), same('1', 1)], [true, false, false]);
  });

  it('check the new values, then soak; another value is rolled back', () => {
    assert.deepEqual(
      [after(write, [ok(2), ok('slow')]).step, after(write, [ok(2), ok('slow')]).calls.length],
      ['check', 2],
    );
    const soaked = after(check, [ok(2), ok('slow')]);
    assert.deepEqual([soaked.state, soaked.dueMs], ['soaking', NOW + 10 * MINUTE]);
    const undone = after(check, [ok(2), ok('fast')]);
    assert.deepEqual(
      [undone.state, undone.reason],
      ['rolling_back', 'mode/x of apps/a b is "fast" after "slow" was set'],
    );
  });

  it('repeat a refusal that may end after 1, 5 and 30 min, with another attempt each', () => {
    for (const row of [read, write, check, restore]) {
      const replies = [ok(1), busy];
      const delays = [1, 2, 3].map((attempt) => {
        const next = after({ ...row, attempt }, replies);
        assert.deepEqual([next.state, next.step, next.attempt], [row.state, row.step, attempt + 1]);
        return (next.dueMs - NOW) / MINUTE;
      });
      assert.deepEqual(delays, [1, 5, 30]);
    }
    assert.equal(after({ ...read, attempt: 4 }, [busy]).state, 'failed');
    assert.equal(after({ ...write, attempt: 4 }, [busy]).state, 'rolling_back');
    assert.equal(after({ ...restore, attempt: 4 }, [busy]).state, 'failed');
  });

  it('fail by a refusal before the first change, and roll back after it', () => {
    const failed = after(write, [refused]);
    assert.deepEqual([failed.state, failed.isTouched, failed.reason], ['failed', false, 'the robot answered 403: no']);
    const undone = after(write, [ok(2), refused]);
    assert.deepEqual(
      [undone.state, undone.step, undone.reason],
      ['rolling_back', 'restore', 'the robot answered 403: no'],
    );
    assert.equal(after({ ...write, attempt: 2 }, [refused]).state, 'rolling_back');
    assert.equal(after(read, [refused]).state, 'failed');
  });

  it('restore the values before', () => {
    const { calls } = step({ work: configuration, gate }, restore, factsOf());
    assert.deepEqual(
      calls.map(({ method, body }) => [method, body]),
      [
        ['PUT', { data: 1 }],
        ['PUT', { data: 'fast' }],
      ],
    );
    const ended = after(restore, [ok(1), ok('fast')]);
    assert.deepEqual([ended.state, ended.reason, ended.isTouched], ['rolled_back', 'bad', false]);
    const failed = after(restore, [refused]);
    assert.deepEqual(
      [failed.state, failed.reason],
      ['failed', 'roll-back: the robot answered 403: no. Before that: bad'],
    );
  });

  it('do not begin a change if the campaign was stopped while the robot answered', () => {
    for (const order of ['hold', 'roll_back'] as const) {
      const { row, calls } = step(
        { work: configuration, gate },
        read,
        factsOf({ order, replies: [ok(1), ok('fast')] }),
      );
      assert.deepEqual([row.state, row.reason, calls], ['waiting', WAITS.stopped, []]);
    }
  });
});

describe('the replies of a robot to a request', () => {
  const run = rowOf({ state: 'executing', step: 'run', attempt: 1, isTouched: true });

  it('is sent once, and soaks after its reply', () => {
    const { row, calls } = step({ work: request, gate }, rowOf(), factsOf());
    assert.deepEqual([row.state, row.step, row.changedMs], ['executing', 'run', NOW]);
    assert.deepEqual(calls, [{ method: 'DELETE', path: '/apps/drive/faults' }]);
    assert.equal(after(run, [{ status: 204 }], request).state, 'soaking');
  });

  it('fails if its outcome is unknown: another attempt could run it twice', () => {
    const { state, reason, attempt } = after(run, [unknown], request);
    assert.deepEqual([state, attempt], ['failed', 0]);
    assert.match(reason!, /outcome is unknown/);
    assert.equal(after(run, [refused], request).state, 'failed');
    assert.deepEqual([after(run, [busy], request).attempt, after(run, [busy], request).state], [2, 'executing']);
  });

  it('is sent with the same attempt after a cut, and is never rolled back', () => {
    const cut = step({ work: request, gate }, run, factsOf({ isCut: true })).row;
    assert.deepEqual([cut.attempt, cut.dueMs], [1, NOW + 15_000]);
    for (const state of ['soaking', 'done', 'lost'] as const) {
      const row = rowOf({ state, isTouched: true, dueMs: NOW + HOUR });
      assert.equal(step({ work: request, gate }, row, factsOf({ order: 'roll_back' })).row.state, state);
    }
  });
});
