import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpStreamRequest } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { CampaignOutcome, CampaignWork } from '@medkit/fleet';
import type { RobotSession } from '../robot-sessions.ts';
import { campaignRunner } from './campaign-runner.ts';

type Answer = (request: HttpStreamRequest) => Promise<{ readonly status: number; readonly text: string }>;

const WORK: CampaignWork = {
  ...{ campaign: 'slower', robot: 'amr-17', createdBy: 'ada l', permission: 'configurations.write' },
  calls: [
    { method: 'PUT', path: '/apps/drive/configurations/speed', body: { data: 2n ** 60n }, key: 'c1.1.write1.1' },
    { method: 'GET', path: '/apps/drive/configurations/speed', key: undefined },
  ],
  of: {} as CampaignWork['of'],
};

/** Lets pending work run until the condition holds, at most 1000 times. */
async function until(isReached: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !isReached(); turn += 1) await new Promise(setImmediate);
  assert.ok(isReached());
}

/** A runner with one robot that `answer` answers, and an engine with one piece of work. */
function stage(answer: Answer, isOnline = true) {
  const clock = new SimulatedClock();
  const outcomes: CampaignOutcome[] = [];
  const requests: HttpStreamRequest[] = [];
  const work = [WORK];
  const engine = {
    turn: async () => work.splice(0),
    settle: async (_work: CampaignWork, outcome: CampaignOutcome) => void outcomes.push(outcome),
  };
  const open = async (request: HttpStreamRequest) => {
    requests.push(request);
    const { status, text } = await answer(request);
    const body = (async function* () {
      yield Buffer.from(text);
    })();
    return { status, headers: {}, body, close: () => undefined };
  };
  const session = { gateway: { open }, signal: new AbortController().signal } as unknown as RobotSession;
  const runner = campaignRunner({
    fleet: { campaigns: { engine }, onChange: () => () => undefined } as never,
    sessions: { get: () => (isOnline ? session : undefined) },
    ...{ hubName: 'hub', timeoutMs: 9000, clock },
    log: (_level, line) => assert.fail(line),
  });
  clock.advance(100);
  return { clock, outcomes, requests, runner };
}

describe('the requests of campaigns', () => {
  it('have the key, the creator and no more permissions than the change needs', async () => {
    const { outcomes, requests, runner } = stage(async () => ({ status: 200, text: '{"data": 1152921504606846976}' }));
    await until(() => outcomes.length === 1);
    const [put, get] = requests;
    assert.deepEqual(
      [put!.method, put!.url, put!.body],
      ['PUT', 'http://localhost/api/v1/apps/drive/configurations/speed', '{"data":1152921504606846976}'],
    );
    assert.deepEqual(put!.headers, {
      ...{ 'x-medkit-class': '3', 'content-type': 'application/json', 'idempotency-key': 'c1.1.write1.1' },
      ...{ 'x-medkit-on-behalf-of': 'ada_l@hub', 'x-medkit-permissions': 'read,configurations.write' },
      'x-client-id': 'hub:campaign:slower',
    });
    assert.equal(get!.headers?.['idempotency-key'], undefined);
    const reply = { status: 200, body: { data: 2n ** 60n } };
    assert.deepEqual(outcomes, [[reply, reply]]);
    await runner.close();
  });

  it('end at a refusal, with its code', async () => {
    const text = '{"error_code": "vendor-error", "vendor_code": "x-medkit-outcome-unknown", "message": "no"}';
    const { outcomes, requests, runner } = stage(async () => ({ status: 504, text }));
    await until(() => outcomes.length === 1);
    assert.equal(requests.length, 1);
    assert.deepEqual(outcomes, [[{ status: 504, body: JSON.parse(text), code: 'x-medkit-outcome-unknown' }]]);
    await runner.close();
  });

  it('have no outcome if the robot is away, is cut, or sends too much', async () => {
    const answers: readonly (readonly [Answer, boolean])[] = [
      [async () => assert.fail(), false],
      [async () => Promise.reject(new Error('cut')), true],
      [async () => ({ status: 200, text: 'x'.repeat(300_000) }), true],
    ];
    for (const [answer, isOnline] of answers) {
      const { outcomes, runner } = stage(answer, isOnline);
      await until(() => outcomes.length === 1);
      assert.deepEqual(outcomes, ['cut']);
      await runner.close();
    }
  });

  it('end when the hub stops, and their outcome is left to the next start', async () => {
    const hanging: Answer = ({ signal }) =>
      new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(new Error('aborted'))));
    const { outcomes, requests, runner } = stage(hanging);
    await until(() => requests.length === 1);
    await runner.close();
    assert.deepEqual(outcomes, []);
  });
});
