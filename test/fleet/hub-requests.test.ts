import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';

const API = '/fleet/amr-17/api/v1';
/** Requests that arrived at the robot, as their lines and headers. */
const arrived: IncomingMessage[] = [];

let hub: TestHub;
let robot: TestUplinkRobot;
let uplink: Awaited<ReturnType<typeof connectTestRobot>>;

before(async () => {
  hub = await testHub();
  robot = await testUplinkRobot();
  robot.server.on('request', (request) => arrived.push(request));
  uplink = await connectTestRobot(await enrolTestRobot(hub, 'amr-17'), robot.server);
});
after(async () => {
  uplink.close();
  await robot.close();
  await hub.close();
});

/** A robot with a server of the test, which answers with `listener` below `/api/v1/apps`. */
async function connectOther(name: string, listener: (request: IncomingMessage, response: ServerResponse) => void) {
  const server: Server = createServer((request, response) => {
    if (request.url?.startsWith('/api/v1/apps')) listener(request, response);
    else response.writeHead(404).end();
  });
  return connectTestRobot(await enrolTestRobot(hub, name), server);
}

describe('requests for a robot', () => {
  it('are answered by the robot, with addresses of the hub', async () => {
    const direct = (await robot.app.inject({ url: '/api/v1/apps/lidar_driver' })).json();
    const { status, text, headers } = await hub.call('GET', `${API}/apps/lidar_driver`);
    assert.equal(status, 200);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.deepEqual(JSON.parse(text.replaceAll('/fleet/amr-17/api/v1/', '/api/v1/')), direct);
    assert.match(text, /"\/fleet\/amr-17\/api\/v1\/apps\/lidar_driver\/data"/);
    assert.equal((await hub.call('HEAD', `${API}/apps`)).status, 200);
    const etag = (await hub.call('GET', `${API}/apps`)).headers.get('etag');
    assert.equal((await hub.call('GET', `${API}/apps`, undefined, { 'if-none-match': etag! })).status, 304);
    assert.equal((await hub.call('GET', `${API}/apps/none`)).json().error_code, 'entity-not-found');
    const value = await hub.call('GET', `${API}/apps/lidar_driver/data/scan`);
    assert.match(value.text, /4611686018427387904/);
  });

  it('name the client, its permissions and the hub, and no credentials', async () => {
    arrived.length = 0;
    const cookies = {
      authorization: 'Bearer none',
      cookie: 'a=b',
      'x-client-id': 'page',
      'x-forwarded-for': '1.2.3.4',
    };
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { status } = await hub.call('GET', `${API}/apps`, undefined, { ...cookies, traceparent: trace });
    assert.equal(status, 200);
    const [{ headers }] = arrived as [IncomingMessage];
    assert.deepEqual(
      [headers.authorization, headers.cookie, headers['x-forwarded-for']],
      [undefined, undefined, undefined],
    );
    assert.equal(headers['x-medkit-on-behalf-of'], 'anonymous@robot-01');
    assert.match(String(headers['x-medkit-permissions']), /\boperations\.run\b/);
    assert.deepEqual([headers['x-client-id'], headers['traceparent']], ['hub:anonymous:page', trace]);
  });

  it('change the robot, and are recorded at the hub with its name', async () => {
    const lock = { lock_expiration: 60 };
    const created = await hub.call('POST', `${API}/apps/lidar_driver/locks`, lock, { 'x-client-id': 'page' });
    assert.equal(created.status, 201, created.text);
    assert.match(String(created.headers.get('location')), /^\/fleet\/amr-17\/api\/v1\/apps\/lidar_driver\/locks\//);
    const { items } = (await hub.call('GET', '/api/v1/x-medkit-audit')).json();
    const { request } = items.find((item: AuditItem) => item.request?.path?.startsWith('/fleet/'));
    assert.deepEqual([request.operation_id, request.notes.robot, request.status], ['acquireAppLock', 'amr-17', 201]);
  });

  it('lose the prefix of the hub in addresses that they contain, and get it in replies', async () => {
    const bodies: string[] = [];
    const paths: (string | undefined)[] = [];
    const other = await connectOther('amr-2', (request, response) => {
      paths.push(request.url);
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => {
        const location = '/api/v1/apps/a?of=/api/v1/apps/b';
        response.writeHead(201, { 'content-type': 'application/json', location }).end(`{"next":"${location}"}`);
      });
    });
    const body = { resource: '/fleet/amr-2/api/v1/apps/a/data/x', other: '/fleet/amr-3/api/v1/apps' };
    const address = '/fleet/amr-2/api/v1/apps/a?of=/fleet/amr-2/api/v1/apps/b';
    const { text, headers } = await hub.call('PUT', '/fleet/amr-2/api/v1/apps/a/data/x', { ...body, next: address });
    const sent = { ...body, resource: '/api/v1/apps/a/data/x', next: '/api/v1/apps/a?of=/api/v1/apps/b' };
    assert.deepEqual(JSON.parse(bodies.join('')), sent);
    assert.deepEqual([JSON.parse(text), headers.get('location')], [{ next: address }, address]);
    await hub.call('GET', address);
    await hub.call('GET', `/fleet/amr-2/api/v1/apps/a?of=${encodeURIComponent('/fleet/amr-2/api/v1/apps/b')}`);
    assert.deepEqual(paths.slice(1), [sent.next, '/api/v1/apps/a?of=%2Fapi%2Fv1%2Fapps%2Fb']);
    other.close();
  });

  it('follow event streams and continue them', async () => {
    const events = await fetch(`${hub.url}${API}/x-medkit-tree/events`);
    assert.equal(events.headers.get('content-type'), 'text/event-stream');
    const reader = events.body!.getReader();
    const { value } = await reader.read();
    assert.match(Buffer.from(value!).toString(), /^:connected\n\n/);
    await reader.cancel();
  });

  it('read ranges of files', async () => {
    const file = Buffer.alloc(300_000, 'recording ');
    const other = await connectOther('amr-4', (request, response) => {
      const [, first, last] = /bytes=(\d+)-(\d+)/.exec(String(request.headers.range)) ?? [];
      response.writeHead(206, {
        'content-type': 'application/octet-stream',
        'content-range': `bytes ${first}-${last}/300000`,
      });
      response.end(file.subarray(Number(first), Number(last) + 1));
    });
    const path = '/fleet/amr-4/api/v1/apps/a/bulk-data/rosbags/bag';
    const response = await fetch(`${hub.url}${path}`, { headers: { range: 'bytes=7-250006' } });
    assert.equal(response.status, 206);
    assert.match(String(response.headers.get('content-disposition')), /^attachment/);
    assert.match(String(response.headers.get('content-security-policy')), /sandbox/);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), file.subarray(7, 250_007));
    other.close();
  });

  it('get no page, no cookie and no foreign location of a robot', async () => {
    const other = await connectOther('amr-5', (_request, response) => {
      response.writeHead(302, {
        'content-type': 'text/html',
        location: 'https://foreign.example/',
        'set-cookie': 'a=b',
      });
      response.end('<script>alert(1)</script>');
    });
    const response = await fetch(`${hub.url}/fleet/amr-5/api/v1/apps`, { redirect: 'manual' });
    assert.deepEqual([response.headers.get('location'), response.headers.get('set-cookie')], [null, null]);
    assert.match(String(response.headers.get('content-disposition')), /^attachment/);
    assert.match(String(response.headers.get('content-security-policy')), /sandbox/);
    // The hub serves its pages below this path.
    assert.doesNotMatch((await hub.call('GET', '/fleet/amr-5/')).text, /alert/);
    assert.equal((await hub.call('GET', '/fleet/amr-5/other')).status, 404);
    other.close();
  });

  it('are limited for each robot, and one client leaves room for others', async () => {
    const waiting: ServerResponse[] = [];
    const other = await connectOther('amr-6', (_request, response) => void waiting.push(response));
    const requests = Array.from({ length: 70 }, () => hub.call('GET', '/fleet/amr-6/api/v1/apps'));
    await eventually('requests at the robot', async () => waiting.length === 64);
    await eventually('refusals', async () => (await hub.call('GET', '/fleet/amr-6/api/v1/apps')).status === 503);
    assert.equal((await hub.call('GET', `${API}/apps`)).status, 200);
    for (const response of waiting) response.end('{}');
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    assert.deepEqual(
      [statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 503).length],
      [64, 6],
    );
    other.close();
  });

  it('for a robot that is away get 504, and its last known faults', async () => {
    const away = await testUplinkRobot(5);
    const key = await enrolTestRobot(hub, 'amr-7');
    await away.report('LAST', 'fault_confirmed', 3);
    const session = await connectTestRobot(key, away.server);
    await eventually('the fault', async () => (await hub.fleet('GET', '/faults?robot=amr-7')).json().total === 1);
    session.close();
    await eventually('absence', async () => (await hub.fleet('GET', '/robots/amr-7')).json().presence === 'offline');
    const refused = (await hub.call('GET', '/fleet/amr-7/api/v1/health')).json();
    assert.equal(refused.error_code, 'not-responding');
    assert.deepEqual([refused.parameters.robot, refused.parameters.presence], ['amr-7', 'offline']);
    assert.ok(Date.parse(refused.parameters.since) > 0 && Date.parse(refused.parameters.last_seen) > 0);
    const faults = await hub.call('GET', '/fleet/amr-7/api/v1/faults');
    assert.equal(faults.status, 200);
    assert.match(String(faults.headers.get('warning')), /^110 /);
    assert.equal(faults.json().items[0].fault_code, 'LAST');
    assert.equal(faults.json()['x-medkit'].stale, true);
    assert.equal((await hub.call('DELETE', '/fleet/amr-7/api/v1/faults')).status, 504);
    assert.equal((await hub.call('GET', '/fleet/none/api/v1/apps')).status, 404);
    await away.close();
  });
});

interface AuditItem {
  readonly request?: { readonly path?: string };
}
