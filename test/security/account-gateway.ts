import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModel, type Providers } from '@medkit/core';
import { app, memoryFaults, memoryOperations, memoryRuntime } from '@medkit/core/testing';
import { type Clock, seededRandom } from '@medkit/edges';
import { systemFiles, systemHttpClient, systemWritableFiles } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { openGatewayAccounts } from '../../packages/gateway/src/accounts/open-accounts.ts';
import type { GatewayServerOptions } from '../../packages/gateway/src/gateway-server.ts';
import { openPrincipals } from '../../packages/gateway/src/security/identify.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { testServer } from '../../packages/gateway/src/testing/test-server.ts';

/** Long enough, and not a user's name. */
export const PASSWORD = 'tin roof, rain, Tuesday';

/** For HS256, with the length that the reference requires. */
export const JWT_SECRET = 'a secret of more than 32 characters';

/** A time at which clocks count as set. */
export const EPOCH_MS = Date.UTC(2026, 10, 24);

export interface AccountGatewayOptions {
  readonly changes?: Parameters<typeof testConfig>[0];
  readonly providers?: Omit<Providers, 'data'>;
  readonly parts?: Partial<GatewayServerOptions>;
  /** Folder of its accounts (default: a temporary folder). */
  readonly folder?: string;
  readonly clock?: Clock & { advance?: SimulatedClock['advance'] };
  readonly instance?: string;
  /** Seed of generated values, different for each gateway of a test. */
  readonly seed?: number;
}

/** Opens a gateway's accounts with a database in a folder, and everything that a server needs for them. */
export async function openTestAccounts({
  changes = {},
  folder,
  clock,
  instance = 'robot-01',
  seed = 1,
}: Pick<AccountGatewayOptions, 'changes' | 'instance' | 'seed'> & { readonly folder: string; readonly clock: Clock }) {
  const lines: string[] = [];
  const config = {
    ...(await testConfig({ ...changes, auth: { enabled: true, jwt_secret: JWT_SECRET, ...changes.auth } })),
    data_dir: folder,
  };
  const random = seededRandom(seed);
  const known = await openGatewayAccounts({
    config,
    files: { ...systemFiles, ...systemWritableFiles },
    clock,
    random,
    http: systemHttpClient,
    hostName: 'robot-01',
    instance,
    isSecure: false,
    log: (_level, message) => lines.push(message),
  });
  const principals = openPrincipals({ token: config.server.token, random, known });
  return { config, known, accounts: known.accounts, principals, lines };
}

/** A gateway with accounts and an in-memory robot. Answers `ask` without a socket. */
export async function accountGateway(options: AccountGatewayOptions = {}) {
  const { providers = {}, parts = {} } = options;
  const clock = options.clock ?? new SimulatedClock({ epochMs: EPOCH_MS });
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'medkit-accounts-')));
  const opened = await openTestAccounts({ ...options, folder, clock });
  const { config, known, principals, lines } = opened;
  const log = (_level: string, message: string) => void lines.push(message);
  const runtime = memoryRuntime({
    apps: [app('arm', { node: '/arm', address: { runtime: 'memory', nativeId: '/arm' } })],
    data: { '/arm': { '/pose': { value: { n: 1 } } } },
    records: { isEntity: () => true },
    providers: { faults: memoryFaults(), operations: memoryOperations({ '/arm': { reset: {} } }), ...providers },
  });
  const model = await openModel({ runtimes: [runtime], clock, log });
  const { instance = 'robot-01' } = options;
  const server = await testServer({ config, model, clock, log, instance, accounts: known, principals, ...parts });

  const ask = async (
    method: string,
    path: string,
    { headers = {}, body }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } = {},
  ) => {
    const isText = typeof body === 'string';
    const reply = await server.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers: {
        host: 'localhost',
        ...(isText ? {} : body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: isText ? body : JSON.stringify(body) }),
    });
    const isJson = String(reply.headers['content-type']).includes('json');
    // biome-ignore lint/suspicious/noExplicitAny: replies may have any shape.
    const json: any = isJson && reply.payload !== '' ? JSON.parse(reply.payload) : undefined;
    return { status: reply.statusCode, headers: reply.headers, text: reply.payload, body: json };
  };

  /** Logs a user in like a page does; returns the headers that the browser sends afterwards. */
  const logIn = async (name: string, headers: Readonly<Record<string, string>> = {}, password = PASSWORD) => {
    const reply = await ask('POST', '/auth/login', { body: { name, password }, headers });
    const cookies = [reply.headers['set-cookie'] ?? []].flat().map((each) => String(each).split(';', 1)[0] as string);
    return { ...reply, cookie: cookies.find((each) => !each.includes('-device=')) ?? '', cookies };
  };

  /** Creates a key of the machine's owner with these rights. */
  const keyFor = async (
    role: string,
    more: { readonly permissions?: readonly string[]; readonly owner?: string } = {},
  ) => (await known.accounts.keys.add({ name: role, role, owner: 'local', ...more })).text;

  const listen = async () => {
    await server.listen({ host: '127.0.0.1', port: 0 });
    return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  };

  const close = async ({ keep = false } = {}) => {
    server.server.closeAllConnections();
    await server.close();
    await model.close();
    await known.close();
    if (!keep) await rm(folder, { recursive: true, force: true });
  };
  return { ...opened, clock: clock as SimulatedClock, folder, model, server, ask, logIn, keyFor, listen, close };
}

export type AccountGateway = Awaited<ReturnType<typeof accountGateway>>;

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
