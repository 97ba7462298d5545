import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetCampaignRobotState } from '@medkit/contract';
import type { RobotReply } from '../requests/robot-request.ts';
import { factsOf, HOUR, MINUTE, NOW, rowOf, USUAL_FACTS } from '../testing/campaign-facts.ts';
import type { CampaignWork, GateLimits, ScriptWork } from './campaign-plan.ts';
import { step } from './kind-steps.ts';
import type { CampaignStep } from './robot-calls.ts';
import { type CampaignFacts, type CampaignRobot, WAITS } from './robot-step.ts';
import { resultOf, type ScriptFound } from './script-calls.ts';

const SHA256 = 'a'.repeat(64);
const work: ScriptWork = {
  ...{ kind: 'script', entity: 'apps/lidar', name: 'check.sh', text: 'true', sha256: SHA256 },
  ...{ parameters: { beams: 16 }, timeoutMs: 5 * MINUTE },
};
const gate = { soakMs: 10 * MINUTE } as GateLimits;

const FOUND: ScriptFound = { script: 'check', execution: 'exec_004', startedMs: NOW - MINUTE };
const executing = (at: CampaignStep, found = FOUND): CampaignRobot =>
  rowOf({ state: 'executing', step: at, attempt: 1, found, isTouched: true, changedMs: NOW - MINUTE });
const preparing = (at: CampaignStep, script = 'check'): CampaignRobot =>
  rowOf({ state: 'preparing', step: at, attempt: 1, found: { script } });

/** A row in each state, and in each step of it. */
const ROWS: Readonly<Record<string, CampaignRobot>> = {
  selected: rowOf(),
  waiting: rowOf({ state: 'waiting', reason: WAITS.offline }),
  find: preparing('find'),
  upload: preparing('upload'),
  run: executing('run', { script: 'check' }),
  follow: executing('follow'),
  end: executing('end'),
  soaking: rowOf({ state: 'soaking', found: FOUND, isTouched: true, dueMs: NOW + 1 }),
  done: rowOf({ state: 'done', found: FOUND, isTouched: true }),
  lost: rowOf({ state: 'lost', found: FOUND, isTouched: true }),
  failed: rowOf({ state: 'failed', found: FOUND, isTouched: true }),
  skipped: rowOf({ state: 'skipped' }),
  expired: rowOf({ state: 'expired' }),
  cancelled: rowOf({ state: 'cancelled' }),
};

/** The facts of the columns of the table. */
const FACTS: Readonly<Record<string, CampaignFacts>> = {
  ...USUAL_FACTS,
  problem: factsOf({ problem: 'the hub cannot read the permissions' }),
  refusal: factsOf({ refusal: 'the account ada was deleted' }),
  hold: factsOf({ order: 'hold' }),
  roll_back: factsOf({ order: 'roll_back' }),
  expire: factsOf({ order: 'expire' }),
  'expire away': factsOf({ order: 'expire', isOnline: false }),
  cancel: factsOf({ order: 'cancel' }),
};

/** `=` is the same row without a request, `P1` is `preparing` with a request. */
const CODES: Readonly<Record<string, FleetCampaignRobotState>> = {
  ...{ W: 'waiting', P: 'preparing', E: 'executing', D: 'done', L: 'lost', X: 'expired', C: 'cancelled', F: 'failed' },
};

/** The result of each fact, in the order of `FACTS`: waves and places, then times, cuts and rights, then orders. */
const TABLE: Readonly<Record<string, string>> = {
  selected: ' P1 =  W  W  W    W  P1 P1 P1 P1 P1   =  =  X  X  C',
  waiting: '  P1 =  W  W  =    =  P1 P1 P1 P1 P1   =  =  X  X  C',
  find: '     P1 P1 P1 P1 W    W  P1 P  P  P  F    W  W  X  X  C',
  upload: '   P1 P1 P1 P1 W    W  P1 P  P  P  F    W  W  X  X  C',
  run: '      E1 E1 E1 E1 E    L  L  E  L  E  F    E1 E1 E1 E  E1',
  follow: '   E1 E1 E1 E1 E    L  L  E  L  E  F    E1 E1 E1 E  E1',
  end: '      E1 E1 E1 E1 E    L  L  E  L  E  F    E1 E1 E1 E  E1',
  soaking: '  =  =  =  =  =    D  D  =  D  =  =    =  =  =  =  =',
  done: '     =  =  =  =  =    =  =  =  =  =  =    =  =  =  =  =',
  lost: '     =  =  =  =  =    =  =  =  =  =  =    =  =  =  =  =',
  failed: '   =  =  =  =  =    =  =  =  =  =  =    =  =  =  =  =',
  skipped: '  =  =  =  =  =    =  =  =  =  =  =    =  =  =  =  =',
  expired: '  =  =  =  =  =    =  =  =  =  =  =    =  =  =  =  =',
  cancelled: '=  =  =  =  =    =  =  =  =  =  =    =  =  =  =  =',
};

const after = (row: CampaignRobot, facts: Partial<CampaignFacts>, changed: Partial<ScriptWork> = {}) => {
  const of: CampaignWork = { ...work, ...changed };
  const next = step({ work: of, gate }, row, factsOf(facts));
  return { ...next.row, found: next.row.found as ScriptFound | undefined, calls: next.calls };
};
const reply = (status: number, body: object = {}, code?: string): RobotReply => ({
  ...{ status, body },
  ...(code !== undefined && { code }),
});
const stored = (sha256 = SHA256, language = 'sh', id = 'check') => reply(200, { id, 'x-medkit': { sha256, language } });
const execution = (status: string, details: object = {}, error?: string) =>
  reply(200, {
    ...{ id: 'exec_004', status, 'x-medkit': { sha256: SHA256, ...details } },
    ...(error !== undefined && { error: { message: error } }),
  });
const missing = reply(404, { message: 'Script "check" not found' }, 'resource-not-found');
const busy = reply(409, { message: 'locked' });
const path = (row: ReturnType<typeof after>) => row.calls.map((call) => `${call.method} ${call.path}`);

describe('a step of a robot that runs a script', () => {
  it('leads from each state by each fact to one state', () => {
    for (const [name, row] of Object.entries(ROWS)) {
      const expected = TABLE[name]!.trim()
        .split(/ +/)
        .map((code) => `${CODES[code[0]!] ?? '='}${code.length > 1 ? ` ${code[1]}` : ''}`);
      assert.equal(expected.length, Object.keys(FACTS).length, name);
      const actual = Object.values(FACTS).map((facts) => {
        const next = step({ work, gate }, row, facts);
        assert.deepEqual(next, step({ work, gate }, row, facts), 'a hub that was killed asks the same again');
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

  it('runs a stored script of the same digest and language without an upload', () => {
    assert.deepEqual(path(after(rowOf(), {})), ['GET /apps/lidar/scripts/check']);
    const begun = after(ROWS['find']!, { replies: [stored()] });
    assert.deepEqual([begun.state, begun.step, begun.isTouched], ['executing', 'run', true]);
    const body = { execution_type: 'now', parameters: { beams: 16 } };
    assert.deepEqual(begun.calls, [{ method: 'POST', path: '/apps/lidar/scripts/check/executions', body }]);
  });

  it('uploads the script where it is absent, and looks again if the reply is lost', () => {
    const uploading = after(ROWS['find']!, { replies: [missing] });
    const script = { name: 'check.sh', text: 'true' };
    assert.deepEqual(uploading.calls, [{ method: 'POST', path: '/apps/lidar/scripts', script }]);
    const cut = after(ROWS['upload']!, { isCut: true });
    assert.deepEqual([cut.state, cut.step, cut.attempt], ['preparing', 'find', 2]);
    assert.deepEqual(path(after(ROWS['upload']!, {})), ['GET /apps/lidar/scripts/check'], 'the hub was killed');
    const begun = after(ROWS['upload']!, { replies: [stored(SHA256, 'sh', 'check_2')] });
    assert.deepEqual(path(begun), ['POST /apps/lidar/scripts/check_2/executions']);
    const other = after(ROWS['upload']!, { replies: [stored('b'.repeat(64))] });
    assert.deepEqual([other.state, other.reason], ['failed', 'the robot stored another script than it received']);
  });

  it('gives the script another id if the robot has another one with its id', () => {
    for (const other of [stored('b'.repeat(64)), stored(SHA256, 'python'), reply(200, { id: 'check' })]) {
      const looking = after(ROWS['find']!, { replies: [other] });
      assert.deepEqual(path(looking), [`GET /apps/lidar/scripts/check-${'a'.repeat(12)}`]);
      const uploading = after({ ...ROWS['find']!, found: looking.found }, { replies: [missing] });
      assert.equal(uploading.calls[0]?.script?.name, `check-${'a'.repeat(12)}.sh`);
      const failed = after({ ...ROWS['find']!, found: looking.found }, { replies: [other] });
      assert.match(failed.reason!, /^the robot has another script check-a+ of apps\/lidar: delete it/);
    }
  });

  it('fails without a text if the robot does not have the script', () => {
    const none = after(ROWS['find']!, { replies: [missing] }, { text: undefined });
    assert.match(none.reason!, /^the robot has no script check of apps\/lidar: upload it there/);
    const other = after(ROWS['find']!, { replies: [stored('b'.repeat(64))] }, { text: undefined });
    assert.match(other.reason!, /^the robot has another script check of apps\/lidar/);
    assert.deepEqual([none.state, other.state], ['failed', 'failed']);
  });

  it('fails with the reason if the robot permits no uploads, or has no such entity', () => {
    const refused = after(ROWS['upload']!, { replies: [reply(400, { message: 'set scripts.allow_uploads' })] });
    assert.deepEqual(
      [refused.state, refused.reason],
      ['failed', 'the script cannot be stored on the robot: the robot answered 400: set scripts.allow_uploads'],
    );
    const absent = after(ROWS['find']!, { replies: [reply(404, { message: 'no app' }, 'entity-not-found')] });
    assert.deepEqual([absent.state, absent.reason], ['failed', 'the robot answered 404: no app']);
    const full = after(ROWS['upload']!, { replies: [reply(503, { message: 'busy' })] });
    assert.deepEqual([full.state, full.step, full.attempt], ['preparing', 'find', 2]);
  });

  it('starts a script again only if the robot has refused it for now', () => {
    const again = after(ROWS['run']!, { replies: [busy] });
    assert.deepEqual([again.state, again.step, again.attempt, again.dueMs], ['executing', 'run', 2, NOW + MINUTE]);
    for (const answer of [reply(504), reply(500), reply(409, { message: 'x' }, 'x-medkit-outcome-unknown')]) {
      const unknown = after(ROWS['run']!, { replies: [answer] });
      assert.deepEqual([unknown.state, unknown.isTouched, unknown.calls], ['failed', true, []]);
      assert.match(unknown.reason!, /^it is unknown whether the script has run/);
    }
    const refused = after(ROWS['run']!, { replies: [reply(403, { message: 'no' })] });
    assert.deepEqual(
      [refused.state, refused.reason, refused.isTouched],
      ['failed', 'the robot answered 403: no', false],
    );
  });

  it('says whether a script may have run when the account loses its rights', () => {
    const refusal = 'the account ada was deleted';
    const first = after(ROWS['run']!, { refusal });
    assert.deepEqual([first.reason, first.isTouched], [refusal, false]);
    const repeated = after(ROWS['run']!, {});
    assert.equal(repeated.found?.isRepeated, true);
    const second = after(repeated, { refusal });
    assert.deepEqual(
      [second.reason, second.isTouched],
      [`${refusal}, and it is unknown whether the script has run`, true],
    );
  });

  it('follows the execution to its result', () => {
    const started = after(ROWS['run']!, { replies: [reply(202, { id: 'exec_007', status: 'running' })] });
    assert.deepEqual([started.step, started.dueMs], ['follow', NOW + 3000]);
    const found = { script: 'check', execution: 'exec_007', startedMs: NOW };
    assert.deepEqual(started.found, found);
    const followed = after({ ...started, dueMs: NOW }, {});
    assert.deepEqual(path(followed), ['GET /apps/lidar/scripts/check/executions/exec_007?max_output=1024']);
    const running = after(followed, { replies: [execution('running')] });
    assert.deepEqual([running.state, running.dueMs], ['executing', NOW + 15_000]);
    const details = { exit_code: 0, stdout: `${'ü'.repeat(1023)}\u{1f916}`, stderr: '', stdout_truncated: false };
    const soaking = after(followed, { replies: [execution('completed', details)] });
    assert.deepEqual([soaking.state, soaking.dueMs], ['soaking', NOW + 10 * MINUTE]);
    assert.deepEqual(resultOf(soaking), {
      result: {
        script: 'check',
        execution: 'exec_007',
        exit_code: 0,
        stdout: `${'ü'.repeat(1023)}\ufffd`,
        truncated: true,
      },
    });
    const done = after({ ...soaking, dueMs: NOW }, {});
    assert.deepEqual([done.state, done.found], ['done', soaking.found]);
  });

  it('fails with the message, the exit code and the output of a script that fails', () => {
    const details = { exit_code: 3, stdout: 'beam 4', stderr: 'no echo' };
    const failed = after(ROWS['follow']!, { replies: [execution('failed', details, 'beam\u0000 4\nis dark')] });
    assert.deepEqual([failed.state, failed.reason], ['failed', 'the script failed: beam 4 is dark']);
    assert.deepEqual(resultOf(failed).result, { script: 'check', execution: 'exec_004', ...details });
    const gone = after(ROWS['follow']!, { replies: [missing] });
    assert.match(gone.reason!, /^the result of the script is unknown: the robot no longer has exec_004 of check/);
    const odd = after(ROWS['run']!, { replies: [reply(202, { id: '../x' })] });
    assert.equal(odd.reason, 'the robot answered without the id of the execution');
  });

  it('ends a script after its time, with a new key each time, and fails', () => {
    const late = { nowMs: NOW + 5 * MINUTE };
    const ending = after(ROWS['follow']!, { ...late, replies: [execution('running')] });
    const body = { action: 'stop' };
    assert.deepEqual(ending.calls, [{ method: 'PUT', path: '/apps/lidar/scripts/check/executions/exec_004', body }]);
    assert.deepEqual([ending.state, ending.step, ending.attempt], ['executing', 'end', 2]);
    for (const answer of [reply(200), reply(400, {}, 'x-medkit-script-not-running'), reply(503)]) {
      const followed = after(ending, { ...late, replies: [answer] });
      assert.deepEqual([followed.step, followed.calls], ['follow', []]);
      const still = after(followed, { ...late, replies: [execution('running')] });
      assert.deepEqual([still.step, still.attempt], ['end', 3]);
      const ended = after(followed, {
        ...late,
        replies: [execution('terminated', {}, 'Script was stopped by request')],
      });
      assert.deepEqual([ended.state, ended.reason], ['failed', 'it did not end within 300 s, and was ended']);
      const completed = after(followed, { ...late, replies: [execution('completed')] });
      assert.equal(completed.state, 'soaking', 'it ended before the request arrived');
    }
    const never = after(ending, { nowMs: NOW + 2 * HOUR, replies: [reply(503)] });
    const failed = after(never, { nowMs: NOW + 2 * HOUR, replies: [execution('running')] });
    assert.deepEqual([failed.state, failed.reason], ['failed', 'the script could not be ended on the robot']);
  });

  it('ends an execution of another content than that of the campaign', () => {
    const other = { sha256: 'b'.repeat(64) };
    const ending = after(ROWS['follow']!, { replies: [execution('running', other)] });
    assert.equal(ending.step, 'end');
    const ended = after(ROWS['follow']!, { replies: [execution('completed', other)] });
    assert.match(ended.reason!, /^the robot ran another script than that with the digest a/);
    assert.equal(ended.state, 'failed');
  });
});
