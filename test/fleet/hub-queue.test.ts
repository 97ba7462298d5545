import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, suite, test } from 'node:test';
import { API_BASE, type FleetQueuedRequest, type NewFleetQueuedRequest } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  type TestRobot,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { openTestAccounts, PASSWORD } from '../security/account-gateway.ts';
import { type LiveHub, startLiveHub } from './live/live-hub.ts';
import { type SimulatedRobot, simulatedRobot } from './live/simulated-robot.ts';

const LOGS = '/apps/lidar_driver/logs/configuration';
const SET_LOGS: NewFleetQueuedRequest = {
  ...{ method: 'PUT', path: LOGS, note: 'the lidar is noisy' },
  body: { severity_filter: 'error', max_entries: 50 },
};
const CLEAR: NewFleetQueuedRequest = { method: 'DELETE', path: '/apps/lidar_driver/faults/MOTOR' };
const QUEUE = '/x-medkit-fleet/robots/amr-1/queue';

describe('the queue of a robot at a hub with accounts', () => {
  let hub: TestHub;
  let robot: TestUplinkRobot;
  let enrolled: TestRobot;
  let uplink: Awaited<ReturnType<typeof connectTestRobot>> | undefined;
  let admin: string;
  const arrived: IncomingMessage[] = [];
  const closing: (() => unknown)[] = [];

  const call = (authorization: string, method: string, path: string, body?: unknown) =>
    hub.call(method, path.startsWith('/fleet/') ? path : `${API_BASE}${path}`, body, { authorization });
  const isOnline = async (): Promise<boolean> =>
    (await call(admin, 'GET', '/x-medkit-fleet/robots/amr-1')).json().presence === 'online';
  const connect = async (): Promise<void> => {
    uplink = await connectTestRobot(enrolled, robot.server);
    await eventually('the robot', isOnline);
  };
  const leave = async (): Promise<void> => {
    uplink?.close();
    await eventually('its absence', async () => !(await isOnline()));
    arrived.length = 0;
  };
  const logIn = async (username: string, role: string, grants?: readonly { readonly site: string }[]) => {
    const user = { name: username, role, password: PASSWORD, ...(grants && { grants }) };
    assert.equal((await call(admin, 'POST', '/auth/users', user)).status, 201);
    const request = { grant_type: 'password', username, password: PASSWORD };
    const reply = await hub.call('POST', `${API_BASE}/auth/authorize`, request);
    return `Bearer ${reply.json().access_token}`;
  };
  const add = async (by: string, request: NewFleetQueuedRequest): Promise<FleetQueuedRequest> => {
    const reply = await call(by, 'POST', QUEUE, request);
    assert.equal(reply.status, 202, reply.text);
    return reply.json();
  };
  const read = async (id: string): Promise<FleetQueuedRequest> => (await call(admin, 'GET', `${QUEUE}/${id}`)).json();
  const ended = (id: string) =>
    eventually(`the end of ${id}`, async () => {
      const request = await read(id);
      return request.ended_at != null && request;
    });

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medkit-hub-queue-'));
    const { known, accounts, principals } = await openTestAccounts({ folder, clock: systemClock });
    hub = await testHub({}, { accounts: known, principals });
    robot = await testUplinkRobot();
    robot.server.on('request', (request: IncomingMessage) => {
      if (request.method !== 'GET' && !request.url?.includes('x-medkit-uplink')) arrived.push(request);
    });
    closing.push(
      () => uplink?.close(),
      () => robot.close(),
      () => hub.close(),
      () => known.close(),
      () => rm(folder, { recursive: true }),
    );
    admin = `Bearer ${(await accounts.keys.add({ name: 'admin', role: 'admin', owner: 'local' })).text}`;
    const withRights = {
      ...hub,
      fleet: (method: string, path: string, body?: unknown) => call(admin, method, `/x-medkit-fleet${path}`, body),
    };
    enrolled = await enrolTestRobot(withRights as TestHub, 'amr-1', { site: 'berlin' });
    await enrolTestRobot(withRights as TestHub, 'amr-2', { site: 'ulm' });
  });
  after(async () => {
    for (const close of closing) await close();
  });

  it('is named by the error for a robot that is away, if the request can wait', async () => {
    const refusals = [
      ['PUT', LOGS, SET_LOGS.body, QUEUE],
      ['GET', LOGS, undefined, undefined],
      ['POST', '/apps/lidar_driver/operations/home/executions', {}, undefined],
    ] as const;
    for (const [method, path, body, queue] of refusals) {
      const reply = await call(admin, method, `/fleet/amr-1${API_BASE}${path}`, body);
      assert.deepEqual([reply.status, reply.json().parameters.queue], [504, queue], reply.text);
    }
  });

  it('sends a request once when the robot is back, as the account that queued it', async () => {
    const ada = await logIn('ada', 'configurator');
    const reply = await call(ada, 'POST', QUEUE, SET_LOGS);
    const { id, state, created_by } = reply.json();
    assert.deepEqual([reply.status, state, created_by], [202, 'waiting', 'user:ada'], reply.text);
    assert.equal(reply.headers.get('location'), `${API_BASE}${QUEUE}/${id}`);
    const early = await add(ada, { ...SET_LOGS, not_before: new Date(Date.now() + 3_600_000).toISOString() });
    await connect();
    const done = await ended(id);
    assert.deepEqual([done.state, done.reply], ['done', { status: 204 }]);
    const [request, ...others] = arrived;
    assert.deepEqual(others, []);
    const { 'x-medkit-on-behalf-of': behalf, 'x-medkit-permissions': permissions } = request!.headers;
    assert.match(String(behalf), /^user:ada@/);
    assert.equal(permissions, 'read,configurations.write');
    assert.equal(request!.headers['x-medkit-queued'], '1');
    assert.match(String(request!.headers['idempotency-key']), /^q1-/);
    const logs = await robot.app.inject({ url: `${API_BASE}${LOGS}` });
    assert.equal(logs.json().severity_filter, 'error');
    assert.equal((await read(early.id)).state, 'waiting');
    assert.equal((await call(ada, 'DELETE', `${QUEUE}/${early.id}`)).status, 204);
    await leave();
  });

  it('has each step in the audit log', async () => {
    const records = await eventually('the records', async () => {
      const { items } = (await call(admin, 'GET', '/x-medkit-audit?limit=100')).json();
      const steps = items
        .map(({ request }: { request?: Record<string, unknown> }) => request)
        .filter((request: Record<string, unknown>) => request?.['collection'] === 'queue' && request['item'] === '1');
      return steps.length === 2 && steps;
    });
    const states = records.map(({ status, principal, path, notes }: Record<string, never>) => [
      ...[status, principal, path],
      (notes as Record<string, string>)['state'],
    ]);
    const path = `/fleet/amr-1${API_BASE}${LOGS}`;
    assert.deepEqual(states.sort(), [
      [202, 'user:ada', path, 'sent'],
      [204, 'user:ada', path, 'done'],
    ]);
  });

  it('refuses what the account may not do when the robot is back', async () => {
    const [bob, eve, kim] = [
      await logIn('bob', 'configurator'),
      await logIn('eve', 'configurator'),
      await logIn('kim', 'configurator', [{ site: 'berlin' }]),
    ];
    const ids = [await add(bob, SET_LOGS), await add(eve, SET_LOGS), await add(kim, SET_LOGS)].map(({ id }) => id);
    const clear = await add(bob, CLEAR);
    assert.equal((await call(admin, 'PUT', '/auth/users/bob', { role: 'operator' })).status, 200);
    assert.equal((await call(admin, 'DELETE', '/auth/users/eve')).status, 204);
    assert.equal((await call(admin, 'PUT', '/auth/users/kim', { grants: [{ site: 'ulm' }] })).status, 200);
    await connect();
    const reasons = await Promise.all(ids.map(async (id) => (await ended(id)).reason));
    assert.deepEqual(reasons, [
      'the account user:bob no longer has the permission configurations.write at amr-1',
      'the account user:eve was removed',
      'the account user:kim no longer has the permission fleet.read at amr-1',
    ]);
    // Another request of the demoted user is sent, and the robot has no such fault.
    const refused = await ended(clear.id);
    assert.deepEqual([refused.state, refused.reply?.status], ['refused', 404], `${refused.reason}`);
    assert.deepEqual(
      arrived.map(({ method }) => method),
      ['DELETE'],
    );
    await leave();
  });

  it('has the rights that a script of a campaign needs at its time, too', async () => {
    const [liz, cid] = [await logIn('liz', 'admin'), await logIn('cid', 'configurator')];
    // The last admin cannot be demoted.
    await logIn('max', 'admin');
    const plan = {
      ...{ kind: 'script', script: { entity: 'apps/lidar_driver', name: 'check.sh', text: 'true' } },
      ...{ targets: { robots: ['amr-1'] }, waves: [{ percent: 100 }], gate: { soak_sec: 0 } },
    };
    const refused = await call(cid, 'POST', '/x-medkit-fleet/campaigns', { id: 'of-cid', ...plan });
    assert.deepEqual([refused.status, refused.json().parameters.permission], [403, 'scripts.write'], refused.text);
    assert.equal((await call(liz, 'POST', '/x-medkit-fleet/campaigns', { id: 'of-liz', ...plan })).status, 201);
    assert.equal((await call(admin, 'PUT', '/auth/users/liz', { role: 'configurator' })).status, 200);
    await connect();
    const reason = await eventually('the end', async () => {
      const { items } = (await call(admin, 'GET', '/x-medkit-fleet/campaigns/of-liz/robots')).json();
      return items[0].state === 'failed' && items[0].reason;
    });
    assert.equal(reason, 'the account user:liz no longer has the permission scripts.write at amr-1');
    assert.deepEqual(arrived, []);
    await leave();
  });

  it('does not send what was cancelled or has expired', async () => {
    const [cancelled, expired] = [
      await add(admin, SET_LOGS),
      await add(admin, { ...SET_LOGS, expires_at: new Date(Date.now() + 1000).toISOString() }),
    ];
    assert.equal((await call(admin, 'DELETE', `${QUEUE}/${cancelled.id}`)).status, 204);
    assert.equal((await ended(expired.id)).state, 'expired');
    const last = await add(admin, SET_LOGS);
    await connect();
    await ended(last.id);
    assert.equal(arrived.length, 1);
    assert.deepEqual([(await read(cancelled.id)).state, (await read(expired.id)).state], ['cancelled', 'expired']);
    const again = await call(admin, 'DELETE', `${QUEUE}/${cancelled.id}`);
    assert.deepEqual([again.status, again.json().error_code], [409, 'precondition-not-fulfilled'], again.text);
    await leave();
  });

  it('refuses what may move the robot, what the caller may not do, and what is malformed', async () => {
    const moving = { method: 'POST', path: '/apps/arm/operations/home/executions', body: {} };
    const refused = await call(admin, 'POST', QUEUE, moving);
    assert.deepEqual([refused.status, refused.json().vendor_code], [409, 'x-medkit-not-queueable'], refused.text);
    assert.deepEqual(refused.json().parameters, { permission: 'operations.run' });
    const oskar = await logIn('oskar', 'operator');
    const denied = await call(oskar, 'POST', QUEUE, SET_LOGS);
    assert.equal(denied.status, 403, denied.text);
    assert.match(denied.text, /needs the permission configurations\.write/);
    const ofAdmin = await add(admin, SET_LOGS);
    assert.equal((await call(oskar, 'DELETE', `${QUEUE}/${ofAdmin.id}`)).status, 403);
    assert.equal((await call(await logIn('vera', 'viewer'), 'POST', QUEUE, CLEAR)).status, 403);
    for (const request of [
      { ...CLEAR, method: 'GET' },
      { ...CLEAR, path: 'apps' },
      { ...CLEAR, expires_at: 'soon' },
    ]) {
      assert.equal((await call(admin, 'POST', QUEUE, request)).status, 400, JSON.stringify(request));
    }
    assert.equal((await call(admin, 'POST', QUEUE.replace('amr-1', 'amr-9'), CLEAR)).status, 404);
  });

  it('starts an operation that the robot lists', async () => {
    const home: NewFleetQueuedRequest = { method: 'POST', path: '/apps/lidar_driver/operations/home/executions' };
    const other = await testUplinkRobot(5, { changes: { hub: { queueable: ['apps/lidar_driver/operations/home'] } } });
    closing.unshift(() => other.close());
    const asAdmin = (method: string, path: string, body?: unknown) =>
      call(admin, method, `/x-medkit-fleet${path}`, body);
    const of5 = await enrolTestRobot({ ...hub, fleet: asAdmin } as TestHub, 'amr-5', { site: 'berlin' });
    const first = await connectTestRobot(of5, other.server);
    const robot5 = async () => (await asAdmin('GET', '/robots/amr-5')).json();
    await eventually('its list', async () => (await robot5()).inventory?.queueable?.length === 1);
    first.close();
    await eventually('its absence', async () => (await robot5()).presence === 'offline');
    for (const [operation, queue] of [
      ['home', '/x-medkit-fleet/robots/amr-5/queue'],
      ['dance', undefined],
    ] as const) {
      const path = `/fleet/amr-5${API_BASE}${home.path.replace('home', operation)}`;
      assert.equal((await call(admin, 'POST', path, {})).json().parameters.queue, queue);
    }
    const [queue, body] = ['/robots/amr-5/queue', { ...home, body: {} }];
    assert.equal((await asAdmin('POST', queue, { ...body, path: home.path.replace('home', 'dance') })).status, 409);
    const vera = await logIn('val', 'viewer');
    assert.equal((await call(vera, 'POST', `/x-medkit-fleet${queue}`, body)).status, 403);
    const { id } = (await asAdmin('POST', queue, body)).json();
    const sent: string[] = [];
    other.server.on('request', ({ method, url }: IncomingMessage) => method === 'POST' && sent.push(`${url}`));
    const second = await connectTestRobot(of5, other.server);
    closing.unshift(() => second.close());
    await eventually('the reply', async () => (await asAdmin('GET', `${queue}/${id}`)).json().ended_at);
    assert.deepEqual(sent, [API_BASE + home.path]);
  });

  it('does not exist for an account that is limited to another site', async () => {
    const ulm = await logIn('uli', 'admin', [{ site: 'ulm' }]);
    const { id } = await add(admin, SET_LOGS);
    for (const [method, path, body] of [
      ['GET', QUEUE, undefined],
      ['POST', QUEUE, CLEAR],
      ['GET', `${QUEUE}/${id}`, undefined],
      ['DELETE', `${QUEUE}/${id}`, undefined],
    ] as const) {
      const reply = await call(ulm, method, path, body);
      assert.deepEqual([reply.status, reply.json().message], [404, 'The hub has no robot amr-1'], `${method} ${path}`);
    }
    const other = QUEUE.replace('amr-1', 'amr-2');
    const all = '/x-medkit-fleet/queue';
    assert.deepEqual((await call(ulm, 'GET', all)).json(), { items: [], total: 0 });
    assert.equal((await call(ulm, 'GET', `${all}?robot=amr-1`)).json().total, 0);
    assert.equal((await call(ulm, 'POST', other, CLEAR)).status, 202);
    assert.equal((await call(ulm, 'GET', other)).json().total, 1);
    const { items } = (await call(ulm, 'GET', all)).json();
    assert.deepEqual(
      items.map(({ robot }: FleetQueuedRequest) => robot),
      ['amr-2'],
    );
    assert.equal((await call(admin, 'GET', `${all}?robot=amr-1&state=waiting`)).json().items[0].id, id);
    assert.equal((await call(ulm, 'GET', `${other}/${id}`)).status, 404);
  });
});

/** A hub in a process that is killed when a robot has executed a request and has not answered. */
function killedHub(start: () => Promise<LiveHub>): void {
  const executed: string[] = [];
  let [repeated, kills] = [0, Promise.resolve()];
  let hub: LiveHub;
  let robot: SimulatedRobot;
  const ask = async (method: string, path: string, body?: object) =>
    hub.ask(method, `${API_BASE}/x-medkit-fleet/robots/r1/queue${path}`, body);
  before(async () => {
    hub = await start();
    robot = await simulatedRobot(await hub.invite(1), '1', 1, async ({ method, key }) => {
      if (method !== 'DELETE') return undefined;
      assert.ok(key !== undefined && key.length <= 64);
      if (executed.includes(key)) repeated += 1;
      else {
        executed.push(key);
        kills = kills.then(() => hub.killAndStart());
        await kills;
      }
      return { status: 200, body: { executed: key } };
    });
  });
  after(async () => {
    await robot?.close();
    await hub?.[Symbol.asyncDispose]();
  });

  test('sends the requests again with their keys, and the robot executes each once', async () => {
    const ids: string[] = [];
    for (const fault of ['A', 'B']) {
      const { status, text } = await ask('POST', '', { method: 'DELETE', path: `/apps/app_1/faults/${fault}` });
      assert.equal(status, 202, text);
      ids.push(JSON.parse(text).id);
    }
    robot.connect();
    for (const id of ids) {
      const done = await eventually(
        `the end of ${id}`,
        async () => {
          const request = JSON.parse((await ask('GET', `/${id}`)).text) as FleetQueuedRequest;
          return request.ended_at != null && request;
        },
        60_000,
      );
      assert.deepEqual(
        [done.state, done.reply],
        ['done', { status: 200, body: { executed: executed.at(Number(id) - 1) } }],
      );
    }
    assert.deepEqual([executed.length, new Set(executed).size], [2, 2]);
    assert.ok(repeated >= 2, `${repeated} repeated`);
    assert.equal(JSON.parse((await ask('GET', '?state=done')).text).total, 2);
  });
}

suite('the commands of the queue', { timeout: 240_000 }, () => {
  const command = async (url: string, ...args: readonly string[]) => {
    const program = startProgram(['fleet', 'queue', ...args, '--url', url]);
    return { code: await program.ended, output: program.output() };
  };

  test('add, list and cancel requests, and name what is wrong', async (context) => {
    const hub = await testHub();
    context.after(() => hub.close());
    await enrolTestRobot(hub, 'amr-17');
    assert.match((await command(hub.url, 'list', 'amr-17')).output, /no queued requests: add one/);
    const path = '/apps/lidar/configurations/rate';
    const options = ['--body', '{"data": 1152921504606846976}', '--expires', '2d', '--note', 'später 遅い'];
    const added = await command(hub.url, 'add', 'amr-17', 'put', path, ...options);
    assert.equal(added.code, 0, added.output);
    assert.match(added.output, /^request 1 of amr-17 is waiting until 20/);
    const { text } = await hub.fleet('GET', '/robots/amr-17/queue/1');
    assert.match(text, /"body":\{"data":1152921504606846976\}/);
    const hours = (Date.parse(JSON.parse(text).expires_at) - Date.now()) / 3_600_000;
    assert.ok(hours > 47.9 && hours <= 48, `${hours} h`);
    const listed = await command(hub.url, 'list', 'amr-17', '--state', 'waiting');
    assert.match(listed.output, /1 +amr-17 +waiting +PUT \/apps\/lidar\/configurations\/rate +anonymous .*später 遅い/);
    assert.match((await command(hub.url, 'list')).output, /ID +ROBOT[\s\S]*amr-17 +waiting/);
    assert.match((await command(hub.url, 'cancel', 'amr-17', '1')).output, /request 1 of amr-17 is cancelled/);
    const refusals = [
      [['cancel', 'amr-17', '1'], /is cancelled: only one that waits, or has no reply yet, can be cancelled/],
      [['add', 'amr-17', 'GET', path], /"GET" is not one of POST, PUT, DELETE/],
      [['add', 'amr-17', 'PUT', path, '--body', '{'], /--body is not JSON/],
      [['add', 'amr-17', 'PUT', path, '--expires', 'soon'], /--expires: expected a duration/],
      [['add', 'amr-17', 'PUT', '/apps/lidar/data/speed'], /may move the robot .*Send it while the robot is connected/],
    ] as const;
    for (const [args, message] of refusals) {
      const { code, output } = await command(hub.url, ...args);
      assert.notEqual(code, 0);
      assert.match(output, message);
    }
  });
});

suite('the queue of a hub that is killed', { timeout: 180_000 }, () => killedHub(startLiveHub));

suite('the queue of a hub with PostgreSQL that is killed', {
  skip: missingSystemPackages('postgres'),
  timeout: 180_000,
}, () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.[Symbol.asyncDispose]());
  killedHub(() => startLiveHub(server));
});
