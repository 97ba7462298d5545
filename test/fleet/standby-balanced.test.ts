import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { connectTestRobot, type TestRobot, useInvitation } from '../../packages/gateway/src/testing/test-hub.ts';
import { testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { freePort } from '../federation/free-port.ts';
import { type Certificate, makeCertificate } from '../harness/certificates.ts';
import { eventually } from '../harness/eventually.ts';
import { startPostgres } from '../harness/postgres.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const FLEET = '/api/v1/x-medkit-fleet';
/** A client whose address differs from those of the hubs. */
const CLIENT = '127.0.0.9';

interface Call {
  readonly method?: string;
  readonly body?: unknown;
}

/** Requests to one address, each on a new connection. */
function caller(url: string, { cert }: Certificate) {
  const open = async (path: string, { method = 'GET', body }: Call = {}): Promise<IncomingMessage> => {
    const request = https.request(url + path, {
      ...{ method, agent: false, localAddress: CLIENT, ca: cert },
      headers: { 'content-type': 'application/json' },
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  const call = async (path: string, options?: Call) => {
    const response = await open(path, options);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode ?? 0, text, json: () => JSON.parse(text) };
  };
  return { open, call };
}

/** Sends each connection to the next of these ports; one that does not answer is skipped. */
async function startBalancer(ports: readonly number[]) {
  const sockets = new Set<Socket>();
  const served = new Map<number, number>();
  let turn = 0;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const pass = (client: Socket, left = ports.length): void => {
    if (left === 0) return void client.destroy();
    const port = ports[turn++ % ports.length]!;
    const server = track(connect(port, '127.0.0.1'));
    server.once('error', () => server.connecting || pass(client, left - 1));
    server.once('connect', () => {
      server.removeAllListeners('error').on('error', () => undefined);
      served.set(port, (served.get(port) ?? 0) + 1);
      client.pipe(server).pipe(client);
      client.once('close', () => server.destroy());
      server.once('close', () => client.destroySoon());
    });
  };
  const listener = createServer((client) => pass(track(client))).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    served,
    [Symbol.dispose]: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

suite('a standby that forwards, behind a balancer', {
  skip: missingSystemPackages('postgres'),
  timeout: 240_000,
}, () => {
  test('serves requests, streams and robots like the other hub, and takes over without a loss when that is killed', async () => {
    await using stack = new AsyncDisposableStack();
    const root = mkdtempSync(join(tmpdir(), 'medkit-standby-'));
    stack.defer(() => rmSync(root, { recursive: true }));
    const database = stack.use(await startPostgres());
    const certificate = makeCertificate({ folder: root, name: 'hub', subject: 'IP:127.0.0.1' });
    writeFileSync(join(root, 'url'), database.url);
    writeFileSync(join(root, 'secret'), randomBytes(32).toString('hex'), { mode: 0o600 });
    const startHub = async (name: string) => {
      const [port, replicaPort] = [await freePort(), await freePort()];
      const program: Program = startProgram(['hub', '--port', `${port}`, '--data-dir', join(root, name)], {
        env: {
          MEDKIT_FLEET_DATABASE: join(root, 'url'),
          MEDKIT_FLEET_SECRET_FILE: join(root, 'secret'),
          MEDKIT_FLEET_STANDBY: 'true',
          MEDKIT_FLEET_REPLICA_ADDRESS: `127.0.0.1:${replicaPort}`,
          MEDKIT_FLEET_EVIDENCE: join(root, 'evidence'),
          MEDKIT_SERVER_TLS_ENABLED: 'true',
          MEDKIT_SERVER_TLS_CERT_FILE: certificate.certFile,
          MEDKIT_SERVER_TLS_KEY_FILE: certificate.keyFile,
        },
      });
      stack.defer(async () => void (await program.end('SIGKILL')));
      return { port, program, ...caller(`https://127.0.0.1:${port}`, certificate) };
    };
    type Hub = Awaited<ReturnType<typeof startHub>>;
    const answers = (hub: Hub) => eventually('200', async () => (await hub.call(`${FLEET}/robots`)).status === 200);
    const a = await startHub('a');
    await answers(a);
    const b = await startHub('b');
    await b.program.printed(/this process is a standby/);
    await answers(b);
    const balancer = stack.use(await startBalancer([a.port, b.port]));
    const { call } = caller(balancer.url, certificate);

    const robot = await testUplinkRobot(7);
    stack.defer(() => robot.close());
    const request = { robot: 'amr-7', auto_approve: true };
    const invitation = await b.call(`${FLEET}/invites`, { method: 'POST', body: request });
    const enrolled = await useInvitation(invitation.json().link, [certificate.cert]);
    const connectVia = (port: number | string): Promise<unknown> => {
      const key: TestRobot = { ...enrolled, url: `wss://127.0.0.1:${port}${FLEET}/uplink` };
      return connectTestRobot(key, robot.server, [certificate.cert]).then((uplink) => {
        stack.defer(() => uplink.close());
        void uplink.ended.then(() => isOver || eventually('the robot', () => connectVia(new URL(balancer.url).port)));
        return true;
      });
    };
    let isOver = false;
    stack.defer(() => {
      isOver = true;
    });
    await connectVia(b.port);
    await robot.report('FIRST');
    const isOnline = async () => (await call(`${FLEET}/robots/amr-7`)).json().presence === 'online';
    await eventually('the robot is online', isOnline);
    for (const path of ['/', '/version-info', '/x-medkit-fleet/robots', '/nothing'].map((each) => `/api/v1${each}`)) {
      const [first, second] = await Promise.all([a.call(path), b.call(path)]);
      assert.deepEqual([first.status, first.text], [second.status, second.text], path);
    }
    const viaUplink = await b.call('/fleet/amr-7/api/v1/version-info');
    assert.equal(viaUplink.status, 200, viaUplink.text);
    const stream = await b.open('/api/v1/faults/stream');
    assert.match(stream.headers['content-type'] ?? '', /event-stream/);
    stream.on('error', () => undefined);
    const cut = new Promise((resolve) => stream.once('close', resolve));
    const audited = database.psql("SELECT description FROM medkit_audit.audit_log WHERE description LIKE '%invites%'");
    assert.ok(audited.includes(`"${CLIENT}"`), audited);

    // Requests and faults under way while the hub that serves is killed.
    let done = false;
    const load = (async () => {
      let failures = 0;
      while (!done) {
        const status = await call(`${FLEET}/robots`).then(
          (reply) => reply.status,
          () => 0,
        );
        if (status !== 200) failures++;
        assert.ok([0, 200, 503].includes(status), `${status}`);
      }
      return failures;
    })();
    for (let each = 0; each < 10; each++) await robot.report(`BEFORE_${each}`);
    await a.program.end('SIGKILL');
    for (let each = 0; each < 10; each++) await robot.report(`AFTER_${each}`);
    await cut;
    await b.program.printed(/this one takes over/);
    await eventually('the robot is online again', isOnline);
    const stored = () => database.psql('SELECT seq FROM medkit.fleet_events ORDER BY seq').split('\n').filter(Boolean);
    const { newest } = await robot.uplink.log()!.head();
    await eventually('each record', async () => stored().length >= newest);
    assert.deepEqual(
      stored(),
      Array.from({ length: newest }, (_, at) => `${at + 1}`),
    );
    done = true;
    await load;
    assert.equal((await b.call(`${FLEET}/robots`)).status, 200);
    assert.ok([a.port, b.port].every((port) => (balancer.served.get(port) ?? 0) > 0));
  });
});
