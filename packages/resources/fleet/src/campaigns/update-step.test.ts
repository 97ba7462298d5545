import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLEET_CAMPAIGN_ROBOT_STATES } from '@medkit/contract';
import type { RobotReply } from '../requests/robot-request.ts';
import { factsOf, MINUTE, NOW, rowOf } from '../testing/campaign-facts.ts';
import type { GateLimits, UpdateWork } from './campaign-plan.ts';
import { step } from './kind-steps.ts';
import type { CampaignFacts, CampaignRobot } from './robot-step.ts';

const HOUR = 3_600_000;
const work: UpdateWork = {
  ...{ kind: 'update', artifact: 'map-2', sha256: 'a'.repeat(64), total: 2_500_000, manifestSha256: 'b'.repeat(64) },
  confirmWithinSec: 900,
};
const plan = { work, gate: { soakMs: 10 * MINUTE } as GateLimits };
const FOUND = { previous: 'map-1', gateMs: MINUTE, epoch: 1 };
const touched = { attempt: 1, found: FOUND, isTouched: true, changedMs: NOW - MINUTE } as const;

/** A row in each state, and in each step of it. */
const ROWS: Readonly<Record<string, CampaignRobot>> = {
  selected: rowOf(),
  waiting: rowOf({ state: 'waiting', reason: 'the robot is offline' }),
  look: rowOf({ state: 'transferring', step: 'look', attempt: 1 }),
  compare: rowOf({ state: 'transferring', step: 'compare', attempt: 1 }),
  query: rowOf({ state: 'transferring', step: 'query', attempt: 1 }),
  part: rowOf({ state: 'transferring', step: 'part', attempt: 1, found: { received: 5 } }),
  register: rowOf({ state: 'preparing', step: 'register', attempt: 1 }),
  registered: rowOf({ state: 'preparing', step: 'compare', attempt: 1 }),
  prepare: rowOf({ state: 'preparing', step: 'prepare', attempt: 1 }),
  preparing: rowOf({ state: 'preparing', step: 'follow', attempt: 1 }),
  ready: rowOf({ state: 'preparing', step: 'ready', attempt: 1 }),
  execute: rowOf({ state: 'executing', step: 'execute', ...touched }),
  executing: rowOf({ state: 'executing', step: 'follow', ...touched }),
  renew: rowOf({ state: 'confirming', step: 'renew', ...touched }),
  confirm: rowOf({ state: 'confirming', step: 'confirm', ...touched }),
  waits: rowOf({ state: 'confirming', step: 'follow', ...touched }),
  soaking: rowOf({ state: 'soaking', step: 'prove', ...touched, dueMs: NOW + 9 * MINUTE }),
  undo: rowOf({ state: 'rolling_back', step: 'look', ...touched, reason: 'bad' }),
  revert: rowOf({ state: 'rolling_back', step: 'revert', ...touched, reason: 'bad' }),
  reverted: rowOf({ state: 'rolling_back', step: 'reverted', ...touched, reason: 'bad' }),
  done: rowOf({ state: 'done', ...touched }),
  lost: rowOf({ state: 'lost', ...touched }),
  failed: rowOf({ state: 'failed', ...touched }),
  rolled_back: rowOf({ state: 'rolled_back', found: FOUND }),
  skipped: rowOf({ state: 'skipped' }),
  expired: rowOf({ state: 'expired' }),
  cancelled: rowOf({ state: 'cancelled' }),
};

/** The facts of the columns of the table. */
const FACTS: Readonly<Record<string, CampaignFacts>> = {
  go: factsOf(),
  full: factsOf({ place: 'full' }),
  away: factsOf({ isOnline: false }),
  'away 2 h': factsOf({ isOnline: false, nowMs: NOW + 2 * HOUR }),
  '25 h': factsOf({ nowMs: NOW + 25 * HOUR }),
  cut: factsOf({ isCut: true }),
  'cut 2 h': factsOf({ isCut: true, nowMs: NOW + 2 * HOUR }),
  'same session': factsOf({ session: { epoch: 1, isRead: true } }),
  unread: factsOf({ session: { epoch: 2, isRead: false } }),
  hold: factsOf({ order: 'hold' }),
  roll_back: factsOf({ order: 'roll_back' }),
  expire: factsOf({ order: 'expire' }),
  'expire away': factsOf({ order: 'expire', isOnline: false }),
  cancel: factsOf({ order: 'cancel' }),
};

const NAMES = {
  ...{ W: 'waiting', T: 'transferring', P: 'preparing', E: 'executing', C: 'confirming', S: 'soaking' },
  ...{ B: 'rolling_back', L: 'lost', F: 'failed', X: 'expired', K: 'cancelled' },
} as const;

/**
 * The result of each fact, in the order of `FACTS`. `=` is the same row without a request, `T+` is `transferring` with a
 * request, `C!` ends the session.
 */
const TABLE: Readonly<Record<string, string>> = {
  //          go full away 2h  25h   cut 2h  same unread hold undo exp away cancel
  selected: ' T+ W  W  W  T+   T+ T+  T+ T+   =  =  X  X  K',
  waiting: '  T+ W  =  =  T+   T+ T+  T+ T+   =  =  X  X  K',
  look: '     T+ T+ W  W  F    T  T   T+ T+   W  W  X  X  K',
  compare: '  T+ T+ W  W  F    T  T   T+ T+   W  W  X  X  K',
  query: '    T+ T+ W  W  F    T  T   T+ T+   W  W  X  X  K',
  part: '     T+ T+ W  W  F    T  T   T+ T+   W  W  X  X  K',
  register: ' P+ P+ W  W  P+   P  P   P+ P+   W  W  X  X  K',
  registered: 'P+ P+ W  W  P+  P  P   P+ P+   W  W  X  X  K',
  prepare: '  P+ P+ W  W  P+   P  P   P+ P+   W  W  X  X  K',
  preparing: 'P+ P+ W  W  P+   P  P   P+ P+   W  W  X  X  K',
  ready: '    P+ P+ W  W  P+   P  P   P+ P+   W  W  X  X  K',
  execute: '  E+ E+ E  L  E+   E  L   E+ E+   E+ E+ E+ E  E+',
  executing: 'E+ E+ E  L  E+   E  L   E+ E+   E+ E+ E+ E  E+',
  renew: '    C+ C+ =  L  C+   C+ L   C! =    C+ C+ C+ =  C+',
  confirm: '  C+ C+ C  L  C+   C  L   C+ C+   C+ C+ C+ C  C+',
  waits: '    C+ C+ C  L  C+   C  L   C+ C+   C+ C+ C+ C  C+',
  soaking: '  =  =  =  L  S+   S  L   =  =    =  B  =  =  =',
  undo: '     B+ B+ B  B  B+   B  B   B+ B+   B+ B+ B+ L  B+',
  revert: '   B+ B+ B  B  B+   B  B   B+ B+   B+ B+ B+ L  B+',
  reverted: ' B+ B+ B  B  B+   B  B   B+ B+   B+ B+ B+ L  B+',
  done: '     =  =  =  =  =    =  =   =  =    =  B  =  =  =',
  lost: '     =  =  =  =  =    =  =   =  =    =  B  =  =  =',
  failed: '   =  =  =  =  =    =  =   =  =    =  =  =  =  =',
  rolled_back: '= = =  =  =    =  =   =  =    =  =  =  =  =',
  skipped: '  =  =  =  =  =    =  =   =  =    =  =  =  =  =',
  expired: '  =  =  =  =  =    =  =   =  =    =  =  =  =  =',
  cancelled: '=  =  =  =  =    =  =   =  =    =  =  =  =  =',
};

describe('a step of a robot in a campaign of an update', () => {
  it('leads from each state by each fact to one state', () => {
    const named = Object.values(ROWS).map(({ state }) => state);
    assert.deepEqual([...new Set(named)].sort(), [...FLEET_CAMPAIGN_ROBOT_STATES].sort());
    for (const [name, row] of Object.entries(ROWS)) {
      const expected = TABLE[name]!.trim().split(/ +/);
      assert.equal(expected.length, Object.keys(FACTS).length, name);
      const actual = Object.values(FACTS).map((facts) => {
        const next = step(plan, row, facts);
        const mark = next.endsSession ? '!' : next.calls.length > 0 ? '+' : '';
        if (next.row === row && mark === '') return '=';
        const letter = Object.entries(NAMES).find(([, state]) => state === next.row.state)?.[0];
        return `${letter ?? next.row.state}${mark}`;
      });
      const columns = Object.keys(FACTS);
      assert.deepEqual(
        columns.map((fact, index) => `${fact}: ${actual[index]}`),
        columns.map((fact, index) => `${fact}: ${expected[index]}`),
        name,
      );
    }
  });

  it('has the same result for the same arguments', () => {
    for (const row of Object.values(ROWS)) {
      for (const facts of Object.values(FACTS)) assert.deepEqual(step(plan, row, facts), step(plan, row, facts));
    }
  });
});

const ok = (body: unknown = {}, status = 200): RobotReply => ({ status, body });
const refusedBy = (status: number, code = 'x', message = 'no'): RobotReply => ({ status, code, body: { message } });
const health = (inUse?: string, stage?: string, gateSec = 60): RobotReply =>
  ok({ 'x-medkit-updates': { gate_sec: gateSec, ...(inUse && { in_use: inUse }), ...(stage && { last: { stage } }) } });
const task = (phase: string, status: string, more: object = {}): RobotReply =>
  ok({ status, 'x-medkit': { phase, ...more } });
const failedTask = (code: string) => task('failed', 'failed', { error: { vendor_code: code, message: 'it is bad' } });

/** What a reply leads to. */
function after(name: keyof typeof ROWS, reply: RobotReply, fields: Partial<CampaignRobot> = {}, facts: object = {}) {
  const { row, calls } = step(plan, { ...ROWS[name]!, ...fields }, factsOf({ replies: [reply], ...facts }));
  const [call] = calls;
  return { ...row, call: call && `${call.method} ${call.path}`, range: call?.archive?.range, body: call?.body };
}

const ARCHIVE = `PUT /updates/map-2/x-medkit-artifact?sha256=${work.sha256}`;

describe('the replies of a robot during the transfer', () => {
  const transfer = (received: number, complete = false) => ok({ received, complete }, complete ? 200 : 202);

  it('continue at the byte after those that it has', () => {
    assert.deepEqual(after('look', health('map-1')).call, ARCHIVE);
    const first = after('query', transfer(0));
    assert.deepEqual([first.step, first.found, first.dueMs, first.call], ['part', { received: 0 }, NOW, undefined]);
    const partFrom = (received: number) => {
      const [call] = step(plan, { ...ROWS['part']!, found: { received } }, factsOf()).calls;
      return [`${call!.method} ${call!.path}`, call!.archive?.range];
    };
    assert.deepEqual(partFrom(0), [ARCHIVE, { first: 0, last: 2_097_151 }]);
    assert.deepEqual(after('part', transfer(2_097_152)).found, { received: 2_097_152 });
    assert.deepEqual(partFrom(2_097_152), [ARCHIVE, { first: 2_097_152, last: 2_499_999 }]);
    const checking = after('part', transfer(2_500_000));
    assert.deepEqual([checking.step, checking.call, checking.dueMs], ['query', undefined, NOW + 3000]);
    const complete = after('query', transfer(2_500_000, true));
    assert.deepEqual([complete.state, complete.call], ['preparing', 'POST /updates']);
    assert.deepEqual(complete.body, { id: 'map-2', 'x-medkit': { sha256: work.manifestSha256 } });
  });

  it('query again after another offset, another client, a cut or a part that it did not store', () => {
    const replies = [refusedBy(416), refusedBy(409), refusedBy(408), transfer(5), transfer(9e9), ok('x')];
    for (const reply of replies) {
      const { state, step: at, attempt, dueMs } = after('part', reply);
      assert.deepEqual([state, at, attempt, dueMs], ['transferring', 'query', 2, NOW + MINUTE], JSON.stringify(reply));
      assert.equal(after('part', reply, { attempt: 4 }).state, 'failed');
    }
    assert.equal(step(plan, ROWS['part']!, factsOf({ isCut: true })).row.step, 'query');
    const { row } = step(plan, ROWS['part']!, factsOf({ problem: 'the artifact is missing' }));
    assert.deepEqual([row.attempt, row.reason], [2, 'the artifact is missing']);
  });

  it('fail by a refusal, and without an installer', () => {
    assert.equal(
      after('query', refusedBy(507, 'x-medkit-storage-full', 'no room')).reason,
      'the robot answered 507: no room',
    );
    assert.match(after('look', ok({ status: 'healthy' })).reason!, /^the robot installs no updates: set updates.dir/);
  });

  it('skip a robot that has the same update in use, and fail with another one of the id', () => {
    assert.equal(after('look', health('map-2')).call, 'GET /updates/map-2');
    const same = after('compare', ok({ id: 'map-2', 'x-medkit': { sha256: work.manifestSha256.toUpperCase() } }));
    assert.deepEqual([same.state, same.reason], ['skipped', 'it has this release in use already']);
    for (const reply of [ok({ id: 'map-2' }), ok({ 'x-medkit': { sha256: 'c'.repeat(64) } }), refusedBy(404)]) {
      assert.match(after('compare', reply).reason!, /^map-2 is in use on the robot with another content/);
    }
  });
});

describe('the replies of a robot before the change', () => {
  it('register the update once, and prepare it', () => {
    assert.equal(after('register', ok({}, 201)).call, 'PUT /updates/map-2/prepare');
    assert.equal(after('register', refusedBy(400, 'x-medkit-update-already-exists')).call, 'GET /updates/map-2');
    const registered = (sha256: string) => after('registered', ok({ 'x-medkit': { sha256 } }));
    assert.equal(registered(work.manifestSha256).call, 'PUT /updates/map-2/prepare');
    assert.match(
      registered('c'.repeat(64)).reason!,
      /^map-2 is registered on the robot with another content: delete it/,
    );
    for (const reply of [ok({}, 202), refusedBy(409, 'x-medkit-update-in-progress')]) {
      assert.deepEqual([after('prepare', reply).step, after('prepare', reply).dueMs], ['follow', NOW + 3000]);
    }
    assert.equal(after('register', refusedBy(403)).state, 'failed');
  });

  it('wait for the end of the task, at most an hour, and prepare again after a restart', () => {
    const pending = task('preparing', 'inProgress');
    assert.deepEqual([after('preparing', pending).step, after('preparing', pending).dueMs], ['follow', NOW + 15_000]);
    assert.match(after('preparing', pending, { sinceMs: NOW - 2 * HOUR }).reason!, /did not prepare the update within/);
    assert.equal(after('preparing', task('prepared', 'completed')).call, 'GET /health');
    for (const reply of [task('none', 'pending'), failedTask('service-unavailable')]) {
      const { step: at, attempt } = after('preparing', reply);
      assert.deepEqual([at, attempt], ['prepare', 2]);
    }
    const { state, reason } = after('preparing', failedTask('x-medkit-update-refused'));
    assert.deepEqual([state, reason], ['failed', 'it is bad']);
  });

  it('begin the change with the release that is in use', () => {
    const { state, call, body, found, isTouched, changedMs } = after('ready', health('map-1', 'executed'));
    assert.deepEqual([state, call, isTouched, changedMs], ['executing', 'PUT /updates/map-2/execute', true, NOW]);
    assert.deepEqual(body, { 'x-medkit': { confirm_within_sec: 900 } });
    assert.deepEqual(found, { previous: 'map-1', gateMs: MINUTE, epoch: 2 });
    assert.equal(after('ready', health('map-2', 'executed')).state, 'skipped');
    const other = after('ready', health('map-0', 'confirming'));
    assert.deepEqual([other.state, other.step, other.dueMs], ['preparing', 'ready', NOW + 15_000]);
    assert.match(
      after('ready', health('map-0', 'gating'), { sinceMs: NOW - 2 * HOUR }).reason!,
      /installs another update/,
    );
  });

  it('do not begin the change if the campaign was stopped while the robot answered', () => {
    for (const order of ['hold', 'roll_back'] as const) {
      const { state, reason, call } = after('ready', health('map-1'), {}, { order });
      assert.deepEqual([state, reason, call], ['waiting', 'the campaign is stopped', undefined]);
    }
  });
});

describe('the replies of a robot that changes', () => {
  it('follow the task, also after a lost or refused request, and send it again only if it did not arrive', () => {
    const begun = after('execute', ok({}, 202));
    assert.deepEqual([begun.step, begun.dueMs, begun.found], ['follow', NOW + 3000, { ...FOUND, epoch: 2 }]);
    for (const reply of [refusedBy(504), refusedBy(423), refusedBy(400, 'x-medkit-update-not-prepared')]) {
      const { state, step: at, attempt } = after('execute', reply);
      assert.deepEqual([state, at, attempt], ['executing', 'follow', 2]);
    }
    const cut = step(plan, ROWS['execute']!, factsOf({ isCut: true })).row;
    assert.deepEqual([cut.step, cut.attempt, cut.found], ['follow', 1, { ...FOUND, epoch: 2 }]);
    const prepared = task('prepared', 'completed');
    const repeated = after('executing', prepared, { attempt: 2 });
    assert.deepEqual([repeated.call, repeated.attempt], ['PUT /updates/map-2/execute', 2]);
    const stopped = after('executing', prepared, {}, { order: 'hold' });
    assert.deepEqual([stopped.state, stopped.isTouched, stopped.changedMs], ['waiting', false, undefined]);
    const refused = after('execute', refusedBy(403));
    assert.deepEqual([refused.state, refused.isTouched], ['failed', false]);
  });

  it('end with the reason of the robot', () => {
    const back = after('executing', failedTask('x-medkit-update-rolled-back'));
    assert.deepEqual([back.state, back.reason, back.isTouched], ['rolled_back', 'it is bad', false]);
    const failed = after('executing', failedTask('internal-error'));
    assert.deepEqual([failed.state, failed.reason, failed.isTouched], ['failed', 'it is bad', true]);
    assert.equal(after('executing', refusedBy(404)).state, 'failed');
    assert.equal(after('executing', refusedBy(503)).dueMs, NOW + 15_000);
    const long = { changedMs: NOW - 2 * HOUR };
    assert.match(after('executing', task('executing', 'inProgress'), long).reason!, /did not end in time/);
    assert.equal(after('executing', task('executed', 'completed')).state, 'soaking');
  });

  it('are confirmed in a later session of which the log is read, which the hub causes once', () => {
    const { state, step: at } = after('executing', task('executing', 'inProgress', { confirm_remaining_sec: 800 }));
    assert.deepEqual([state, at], ['confirming', 'renew']);
    const same = { session: { epoch: 1, isRead: true } };
    const renewed = step(plan, ROWS['renew']!, factsOf(same));
    assert.deepEqual([renewed.endsSession, renewed.row.found], [true, { ...FOUND, isRenewed: true }]);
    assert.equal(step(plan, renewed.row, factsOf(same)).row, renewed.row);
    const [call] = step(plan, renewed.row, factsOf()).calls;
    assert.equal(call!.path, '/updates/map-2/x-medkit-confirm');
    const late = step(plan, renewed.row, factsOf({ ...same, nowMs: NOW + 2 * HOUR }));
    assert.equal(late.calls[0]!.path, '/updates/map-2/status', 'the robot has rolled back by now');
  });

  it('soak after the confirmation, and are rolled back if it was late', () => {
    const { state, dueMs } = after('confirm', ok(undefined, 204));
    assert.deepEqual([state, dueMs], ['soaking', NOW + 10 * MINUTE]);
    const late = after('confirm', refusedBy(409, 'x-medkit-confirm-late', 'map-2 cannot be confirmed'));
    assert.deepEqual(
      [late.state, late.reason, late.isTouched],
      ['rolled_back', 'the robot answered 409: map-2 cannot be confirmed', false],
    );
    assert.equal(after('confirm', refusedBy(409, 'precondition-not-fulfilled')).step, 'follow');
    assert.equal(after('waits', task('executing', 'inProgress', { confirm_remaining_sec: 9 })).step, 'renew');
    assert.equal(after('confirm', refusedBy(403)).state, 'failed');
  });

  it('are done only if they name the release after the soak (hawkBit#3185)', () => {
    const soaked = { dueMs: NOW };
    assert.equal(after('soaking', health('map-2', 'executed'), soaked).state, 'done');
    const back = after('soaking', health('map-1', 'rolled-back'), soaked);
    assert.deepEqual([back.state, back.isTouched], ['rolled_back', false]);
    assert.equal(back.reason, 'after the soak, the robot uses map-1 instead of map-2');
    assert.equal(after('soaking', health('map-9', 'executed'), soaked).state, 'failed');
    for (const reply of [health('map-2', 'gating'), refusedBy(503), ok({})]) {
      assert.deepEqual(
        [after('soaking', reply, soaked).state, after('soaking', reply).dueMs],
        ['soaking', NOW + 15_000],
      );
    }
  });
});

describe('the roll-back of an update', () => {
  it('returns to the release before, and is proved by the release in use', () => {
    assert.equal(after('undo', health('map-2', 'executed')).call, 'PUT /updates/map-1/x-medkit-rollback');
    assert.deepEqual(after('revert', ok({}, 202)).step, 'reverted');
    assert.equal(after('reverted', task('executing', 'inProgress')).dueMs, NOW + 15_000);
    const proving = after('reverted', task('executed', 'completed'));
    assert.deepEqual([proving.call, proving.attempt], ['GET /health', 2]);
    const { state, reason, isTouched } = after('undo', health('map-1', 'executed'));
    assert.deepEqual([state, reason, isTouched], ['rolled_back', 'bad', false]);
  });

  it('waits for an installation, repeats refusals that may end, and fails with both reasons', () => {
    assert.equal(after('undo', health('map-2', 'confirming')).dueMs, NOW + 15_000);
    assert.deepEqual(after('revert', refusedBy(409)).step, 'look');
    const failures: readonly (readonly [string, RobotReply, object, string])[] = [
      ['revert', refusedBy(404), {}, 'the robot answered 404: no'],
      ['revert', refusedBy(409), { attempt: 4 }, 'the robot answered 409: no'],
      ['reverted', failedTask('internal-error'), {}, 'it is bad'],
      ['undo', health('map-9'), {}, 'the robot uses map-9'],
      ['undo', health('map-2'), { attempt: 5 }, 'the robot still uses map-2'],
      ['undo', ok({}), {}, 'the robot installs no updates any more'],
    ];
    for (const [name, reply, fields, problem] of failures) {
      const { state, reason } = after(name, reply, fields);
      assert.deepEqual([state, reason], ['failed', `roll-back: ${problem}. Before that: bad`]);
    }
  });

  it('fails on a robot that had no release before', () => {
    const row = { ...ROWS['done']!, found: { gateMs: 1, epoch: 1 } };
    const { state, reason } = step(plan, row, factsOf({ order: 'roll_back' })).row;
    assert.equal(state, 'failed');
    assert.match(
      reason!,
      /^roll-back: the robot had no release before map-2\. Before that: the campaign was rolled back/,
    );
  });
});
