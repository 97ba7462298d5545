import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { formatRounds, load, onCpuMs } from './process.ts';
import { appIds, type Gateway, startBaselineServer, startCrowd, startGateway, until } from './stage.ts';

const NODES = 20;
const ROUNDS = 7;
const REQUESTS = 20_000;
const WRONG_LOGINS = 10_000;
const GUESSING_ROUNDS = 3;
const STREAMS = 1000;
/** Maximum connections of one address that the gateway accepts before they send a first request. */
const AT_ONCE = 100;

const CLIENT = { id: 'bench', secret: 'a-secret-of-the-benchmark' };
const PASSWORD = 'benchmarks-know-it-by-heart';
const SETTINGS = [
  'auth.enabled=true',
  'auth.require_auth_for=all',
  `auth.clients=${CLIENT.id}:${CLIENT.secret}:admin`,
  `sse.max_clients=${2 * STREAMS}`,
];

/**
 * Cost of authentication. `GET /apps` by key, session and token compared with the same without; latency of an
 * authenticated client during ten thousand wrong logins; how soon a thousand streams end after their key was revoked.
 */
export async function access(): Promise<void> {
  await using _crowd = await startCrowd(NODES);
  await using open = await startGateway();
  await using guarded = await startGateway(...SETTINGS.flatMap((setting) => ['--set', setting]));
  const jwt = `Authorization: Bearer ${await tokenOf(guarded)}`;
  await until(async () => (await appIds(open.url)).length >= NODES);
  await until(async () => (await ask(guarded, jwt, '/apps')).ok);
  const { cookie } = await newUser(guarded, jwt);
  const key = await newKey(guarded, jwt);
  await costs(open, guarded, { key: `Authorization: Bearer ${key.text}`, session: `Cookie: ${cookie}`, jwt });
  await wrongLogins(guarded, `Authorization: Bearer ${key.text}`);
  await revocation(guarded, key, jwt);
}

/**
 * Processor time of `GET /apps`, relative to a gateway without authentication. The unauthenticated case, measured
 * against itself, shows the noise between rounds.
 */
async function costs(open: Gateway, guarded: Gateway, headers: Readonly<Record<string, string>>): Promise<void> {
  const cases: readonly (readonly [string, Gateway, string | undefined])[] = [
    ['the same again', open, undefined],
    ...Object.entries(headers).map(([name, header]) => [name, guarded, header] as const),
  ];
  for (const [, gateway, header] of cases) await cpuUsOf(gateway, header);
  const ratios = new Map(cases.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await cpuUsOf(open, undefined);
    for (const [name, gateway, header] of cases) ratios.get(name)?.push((await cpuUsOf(gateway, header)) / without);
  }
  for (const [name, each] of ratios)
    console.log(`GET /apps, ${name}: ${formatRounds(each)} of the processor time without`);
}

async function cpuUsOf({ url, pid }: Gateway, header: string | undefined): Promise<number> {
  const args = ['--requests', String(REQUESTS), '--seconds', '60', ...(header ? ['--header', header] : [])];
  const before = onCpuMs(pid);
  await load(`${url}/apps`, ...args);
  return (1000 * (onCpuMs(pid) - before)) / REQUESTS;
}

/**
 * Latency of an authenticated client while others try wrong passwords, compared with a bare server under the same load.
 */
async function wrongLogins(guarded: Gateway, header: string): Promise<void> {
  await using baseline = await startBaselineServer(
    new Uint8Array(await (await ask(guarded, header, '/apps')).arrayBuffer()),
  );
  const post = JSON.stringify({ name: 'alice', password: 'not-her-password' });
  const guessing = ['--post', post, '--requests', String(WRONG_LOGINS), '--seconds', '60', '--any-status'];
  const working = ['--connections', '1', '--pause-ms', '5', '--seconds', '3'];
  const ratios: number[] = [];
  const p99s: number[] = [];
  for (let round = 0; round < GUESSING_ROUNDS; round += 1) {
    const [, calibrator] = await Promise.all([load(baseline.url, ...guessing), load(baseline.url, ...working)]);
    const [, work] = await Promise.all([
      load(`${guarded.url}/auth/login`, ...guessing),
      load(`${guarded.url}/apps`, ...working, '--header', header),
    ]);
    p99s.push(work.p99Ms);
    ratios.push(work.p99Ms / calibrator.p99Ms);
  }
  console.log(
    `p99 of who works while ${WRONG_LOGINS} wrong logins come: ${formatRounds(p99s)} ms, ${formatRounds(ratios)} times that of a bare server`,
  );
}

async function revocation(guarded: Gateway, key: ApiKey, admin: string): Promise<void> {
  const streams: Socket[] = [];
  while (streams.length < STREAMS) {
    const batch = Array.from({ length: AT_ONCE }, () => openStream(guarded, `Authorization: Bearer ${key.text}`));
    streams.push(...(await Promise.all(batch)));
  }
  // A stream that ends without a proper close counts as well.
  const ended = streams.map((stream) => new Promise((resolve) => stream.once('close', resolve)));
  const beganMs = performance.now();
  const reply = await ask(guarded, admin, `/auth/keys/${key.id}`, { method: 'DELETE' });
  if (!reply.ok) throw new Error(`the key was not revoked: ${reply.status}`);
  await Promise.all(ended);
  console.log(`${STREAMS} streams are over ${(performance.now() - beganMs).toFixed(0)} ms after their key was revoked`);
}

/** Opens an event stream and waits until it has begun. */
async function openStream({ url }: Gateway, header: string): Promise<Socket> {
  const { hostname, port, pathname, host } = new URL(`${url}/faults/stream`);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${header}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString().startsWith('HTTP/1.1 200')) throw new Error(`no stream: ${head.toString().split('\r\n')[0]}`);
  return socket.on('error', () => undefined).resume();
}

interface ApiKey {
  readonly id: string;
  readonly text: string;
}

function ask({ url }: Gateway, header: string, path: string, options: RequestInit = {}): Promise<Response> {
  const [name = '', value = ''] = header.split(': ', 2);
  return fetch(url + path, { ...options, headers: { 'Content-Type': 'application/json', [name]: value } });
}

async function tokenOf({ url }: Gateway): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: CLIENT.id, client_secret: CLIENT.secret };
  const reply = await fetch(`${url}/auth/authorize`, { method: 'POST', body: new URLSearchParams(form) });
  return ((await reply.json()) as { readonly access_token: string }).access_token;
}

async function newUser(guarded: Gateway, admin: string): Promise<{ readonly cookie: string }> {
  const user = { name: 'alice', role: 'viewer', password: PASSWORD };
  await ask(guarded, admin, '/auth/users', { method: 'POST', body: JSON.stringify(user) });
  const login = { method: 'POST', body: JSON.stringify({ name: user.name, password: PASSWORD }) };
  const reply = await fetch(`${guarded.url}/auth/login`, { ...login, headers: { 'Content-Type': 'application/json' } });
  const [cookie] = reply.headers.getSetCookie().map((text) => text.split(';', 1)[0] as string);
  if (cookie === undefined) throw new Error(`no session: ${reply.status}`);
  return { cookie };
}

async function newKey(guarded: Gateway, admin: string): Promise<ApiKey> {
  const body = JSON.stringify({ name: 'bench', role: 'viewer' });
  const made = (await (await ask(guarded, admin, '/auth/keys', { method: 'POST', body })).json()) as {
    readonly id: string;
    readonly key: string;
  };
  return { id: made.id, text: made.key };
}
