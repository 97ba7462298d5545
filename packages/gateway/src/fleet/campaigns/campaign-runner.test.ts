import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpStreamRequest } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { CampaignOutcome, CampaignWork, MayAct } from '@medkit/fleet';
import type { RobotSession } from '../robot-sessions.ts';
import { campaignRunner } from './campaign-runner.ts';

type Answer = (request: HttpStreamRequest) => Promise<{ readonly status: number; readonly text: string }>;

const WORK: CampaignWork = {
  ...{
    campaign: 'slower',
    robot: 'amr-17',
    createdBy: 'ada l',
    permissions: ['configurations.write'],
    isChecked: false,
  },
  calls: [
    { method: 'PUT', path: '/apps/drive/configurations/speed', body: { data: 2n ** 60n }, key: 'c1.1.write1.1' },
    { method: 'GET', path: '/apps/drive/configurations/speed', key: undefined },
  ],
  of: {} as CampaignWork['of'],
};

/** Artifacts of the hub: one of 10 bytes. */
async function* archive(key: string, range = { first: 0, last: 9 }): AsyncGenerator<Uint8Array> {
  if (key !== `artifacts/${SHA256}`) throw new Error('there is no such file');
  yield Buffer.from('0123456789').subarray(range.first, range.first + 2);
  yield Buffer.from('0123456789').subarray(range.first + 2, range.last + 1);
}

const SHA256 = 'a'.repeat(64);
const sending = (archivePart: NonNullable<CampaignWork['calls'][0]['archive']>): CampaignWork => ({
  ...WORK,
  permissions: ['updates'],
  calls: [{ method: 'PUT', path: '/updates/map-1/x-medkit-artifact', archive: archivePart, key: undefined }],
});

/** Lets pending work run until the condition holds, at most 1000 times. */
async function until(isReached: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !isReached(); turn += 1) await new Promise(setImmediate);
  assert.ok(isReached());
}

/** A runner with one robot that `answer` answers, and an engine with one piece of work. */
function stage(answer: Answer, isOnline = true, work = [WORK], mayAct: MayAct = async () => undefined) {
  const clock = new SimulatedClock();
  const outcomes: CampaignOutcome[] = [];
  const requests: HttpStreamRequest[] = [];
  const files: HttpStreamRequest[] = [];
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
  const openFile = (request: HttpStreamRequest) => {
    files.push(request);
    return open(request);
  };
  const session = {
    gateway: { open },
    files: { open: openFile },
    signal: new AbortController().signal,
  } as unknown as RobotSession;
  const runner = campaignRunner({
    fleet: { campaigns: { engine }, onChange: () => () => undefined } as never,
    sessions: { get: () => (isOnline ? session : undefined) },
    ...{ hubName: 'hub', timeoutMs: 9000, clock, mayAct },
    blobs: { get: async (key, range) => archive(key, range) },
    log: (_level, line) => assert.fail(line),
  });
  clock.advance(100);
  return { clock, outcomes, requests, files, runner };
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

  it('carry a part of an artifact as bulk data, and query the bytes received as other requests', async () => {
    const part = sending({ sha256: SHA256, total: 10, range: { first: 3, last: 6 } });
    const query = sending({ sha256: SHA256, total: 10 });
    const answer: Answer = async () => ({ status: 202, text: '{"received": 7, "complete": false}' });
    const { outcomes, requests, files, runner } = stage(answer, true, [part, query]);
    await until(() => outcomes.length === 2);
    assert.equal(files.length, 1);
    const { body, headers } = files[0]!;
    assert.equal(Buffer.from(body as Uint8Array).toString(), '3456');
    assert.deepEqual(
      [headers?.['content-range'], headers?.['content-type'], headers?.['x-medkit-class']],
      ['bytes 3-6/10', 'application/x-tar', '4'],
    );
    assert.deepEqual([headers?.['idempotency-key'], headers?.['x-medkit-permissions']], [undefined, 'read,updates']);
    const queried = requests.find((request) => request !== files[0]);
    assert.deepEqual([queried?.headers?.['content-range'], queried?.body], ['bytes */10', undefined]);
    await runner.close();
  });

  it('do not wait for the parts of artifacts, of which 16 are sent at a time', async () => {
    const part = sending({ sha256: SHA256, total: 10, range: { first: 0, last: 9 } });
    const answer: Answer = ({ method, url, signal }) =>
      method === 'GET' || !url.includes('x-medkit-artifact')
        ? Promise.resolve({ status: 200, text: '{}' })
        : new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(new Error('aborted'))));
    const { outcomes, files, runner } = stage(answer, true, [...Array<CampaignWork>(40).fill(part), WORK]);
    await until(() => outcomes.length === 1);
    assert.equal(files.length, 16);
    await runner.close();
  });

  it('report an artifact that the hub cannot read', async () => {
    const parts = [
      sending({ sha256: 'b'.repeat(64), total: 10, range: { first: 0, last: 3 } }),
      sending({ sha256: SHA256, total: 20, range: { first: 8, last: 19 } }),
    ];
    const { outcomes, requests, runner } = stage(async () => assert.fail(), true, parts);
    await until(() => outcomes.length === 2);
    assert.deepEqual(outcomes, [
      { problem: 'the hub cannot read the artifact: there is no such file' },
      { problem: 'the hub cannot read the artifact: it has 2 of 12 bytes after byte 8' },
    ]);
    assert.deepEqual(requests, []);
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

  it('upload a script as a file, and begin only while the account has each permission', async () => {
    const script = { name: 'check.sh', text: '#!/bin/sh\r\necho größe\n' };
    const upload: CampaignWork = {
      ...{ ...WORK, permissions: ['scripts.run', 'scripts.write'], isChecked: true },
      calls: [{ method: 'POST', path: '/apps/drive/scripts', script, key: undefined }],
    };
    const checked: string[] = [];
    const mayAct: MayAct = async (by, robot, permission) => {
      checked.push(`${by} ${robot} ${permission}`);
      return checked.length > 3 ? 'the account ada l was deleted' : undefined;
    };
    const answer: Answer = async () => ({ status: 201, text: '{"id": "check"}' });
    const allowed = stage(answer, true, [upload], mayAct);
    await until(() => allowed.outcomes.length === 1);
    assert.deepEqual(checked, ['ada l amr-17 scripts.run', 'ada l amr-17 scripts.write']);
    const { headers, body } = allowed.requests[0]!;
    const form = await new Response(body as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': String(headers?.['content-type']) },
    }).formData();
    const file = form.get('file') as File;
    assert.deepEqual([file.name, await file.text()], [script.name, script.text]);
    assert.deepEqual(
      [headers?.['x-medkit-permissions'], headers?.['idempotency-key'], headers?.['x-medkit-class']],
      ['read,scripts.run,scripts.write', undefined, '3'],
    );
    await allowed.runner.close();
    const refused = stage(answer, true, [upload], mayAct);
    await until(() => refused.outcomes.length === 1);
    assert.deepEqual([refused.outcomes, refused.requests], [[{ refusal: 'the account ada l was deleted' }], []]);
    await refused.runner.close();
    const broken = stage(answer, true, [upload], async () => assert.fail('the database is locked'));
    await until(() => broken.outcomes.length === 1);
    const problem = 'the hub cannot read the permissions of ada l: the database is locked';
    assert.deepEqual([broken.outcomes, broken.requests], [[{ problem }], []]);
    await broken.runner.close();
  });
});
