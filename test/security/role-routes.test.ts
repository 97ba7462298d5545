import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FastifyInstance } from 'fastify';
import { module, pluginGateway, route } from '../../packages/gateway/src/testing/plugin-gateway.ts';
import { bearer, EPOCH_MS, openTestAccounts, PASSWORD } from './account-gateway.ts';

/**
 * Table of which role may use which address. A change of rights must also change this table: `ROLE_ROUTES=write npm
 * test -- role-routes` writes it again.
 */
const FILE = join(import.meta.dirname, 'role-routes.txt');
const LEGEND = [
  '# Written by ROLE_ROUTES=write npm test -- role-routes',
  '# · 401, - 403, + passes. HEAD is as GET, but where it stands by itself.',
  '# wr, al: without a credential, with auth.require_auth_for write and all; vi viewer, op operator, co configurator, ad admin;',
  '# te: a role that extends operator, allows scripts.write and denies data.write; ke: the key of an admin that is for read and',
  '# audit.read; pw: an admin that has to change the password',
];
const COLUMNS = ['wr', 'al', 'vi', 'op', 'co', 'ad', 'te', 'ke', 'pw'] as const;

/** Requests outside of all routes: an unknown address, and methods that an address does not accept. */
const UNROUTED: readonly (readonly [method: string, url: string])[] = [
  ['GET', '/nothing'],
  ['GET', '/api/v1/nothing'],
  ['PUT', '/api/v1/apps/{x}/nothing/{x}'],
  ['POST', '/api/v1/apps'],
  ['PATCH', '/api/v1/apps/{x}/data/{x}'],
  ['DELETE', '/api/v1/health'],
  ['OPTIONS', '/api/v1/apps'],
  ['OPTIONS', '/api/v1/apps/{x}/status/restart'],
];

/**
 * Requests open to every client, whatever accounts are configured: login, health, documentation and acknowledge links.
 */
const FOR_ALL = [
  'GET /',
  'POST /api/v1/auth/authorize',
  'POST /api/v1/auth/login',
  'GET /api/v1/auth/oidc/callback',
  'GET /api/v1/auth/oidc/login',
  'GET /api/v1/auth/oidc/logout',
  'POST /api/v1/auth/revoke',
  'GET /api/v1/auth/setup',
  'POST /api/v1/auth/setup',
  'POST /api/v1/auth/token',
  'POST /api/v1/authorize',
  'GET /api/v1/docs',
  'GET /api/v1/health',
  'GET /api/v1/swagger-ui',
  'GET /api/v1/swagger-ui/start.js',
  'GET /api/v1/swagger-ui/{asset}',
  'POST /api/v1/token',
  'GET /api/v1/x-medkit-fleet/hub',
  'GET /api/v1/x-medkit-fleet/uplink',
  'GET /api/v1/x-medkit-notify/acknowledge/{token}',
  'POST /api/v1/x-medkit-notify/acknowledge/{token}',
  'GET /docs',
];

const pump = module(async () => ({
  routes: [
    route('/apps/{app_id}/x-pump/state', async () => ({})),
    route('/apps/{app_id}/x-pump/state', async () => ({}), { method: 'post' }),
    route('/apps/{app_id}/x-pump/prime', async () => ({}), { method: 'put', permission: 'operations.run' }),
    route('/x-pumps', async () => ({})),
  ],
}));

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A gateway whose requests end before their handlers: the test only checks which role gets that far. */
async function chainOnly(requiredFor: 'write' | 'all') {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-roles-'));
  folders.push(folder);
  const technician = { extends: 'operator', allow: ['scripts.write'], deny: ['data.write'] };
  const changes = {
    auth: { require_auth_for: requiredFor, enabled: true },
    metrics: { enabled: true },
    roles: { technician },
  };
  const clock = new SimulatedClock({ epochMs: EPOCH_MS });
  const { known, accounts, principals } = await openTestAccounts({ changes, folder, clock });
  const served: string[] = [];
  const watch = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) served.push(`${name} ${url}`);
    });
    fastify.addHook('preParsing', (_request, reply) => void reply.code(204).send());
  };
  const created = channel('fastify.initialization');
  created.subscribe(watch);
  const onSend = (_request: unknown, _reply: unknown, payload: unknown, done: (error: null, sent: unknown) => void) =>
    done(null, payload);
  const gateway = await pluginGateway({ pump }, { changes, parts: { accounts: known, principals, onSend } });
  created.unsubscribe(watch);

  const verdict = async (method: string, url: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const reply = await gateway.server.inject({
      method: method as 'GET',
      url: url.replaceAll(/\{\w+\}/g, 'x'),
      headers: { host: 'localhost', ...headers },
    });
    const code = reply.payload === '' ? '' : String(reply.json().error_code);
    if (reply.statusCode === 401 || code === 'unauthorized') return '·';
    return reply.statusCode === 403 || code === 'insufficient-access-rights' ? '-' : '+';
  };
  const close = async () => {
    await gateway.close();
    await known.close();
  };
  return { accounts, served, verdict, close };
}

describe('access by role', () => {
  let rows: readonly string[] = [];
  let served: readonly string[] = [];

  before(async () => {
    const open = await chainOnly('write');
    const strict = await chainOnly('all');
    const { users, keys, tokens } = strict.accounts;
    await users.add({ name: 'new', role: 'admin', password: PASSWORD, mustChange: true });
    const granted = await tokens.grant({ type: 'password', name: 'new', password: PASSWORD });
    assert.ok('accessToken' in granted);
    const keyOf = async (role: string, permissions?: readonly string[]) =>
      bearer((await keys.add({ name: role, role, owner: 'local', ...(permissions && { permissions }) })).text);
    const headersOf = {
      wr: {},
      al: {},
      vi: await keyOf('viewer'),
      op: await keyOf('operator'),
      co: await keyOf('configurator'),
      ad: await keyOf('admin'),
      te: await keyOf('technician'),
      ke: await keyOf('admin', ['read', 'audit.read']),
      pw: bearer(granted.accessToken),
    };
    const verdicts = async (method: string, url: string) => {
      const found: string[] = [];
      for (const column of COLUMNS) {
        const gateway = column === 'wr' ? open : strict;
        found.push(await gateway.verdict(method, url, headersOf[column]));
      }
      return found.join('  ');
    };
    served = strict.served;
    const patterns = served.map(
      (each) =>
        each
          .replaceAll(/:(\w+)/g, '{$1}')
          .replace('*', '{rest}')
          .split(' ') as [string, string],
    );
    const byAddress = new Map<string, string>();
    for (const [method, url] of [...patterns, ...UNROUTED])
      byAddress.set(`${method} ${url}`, await verdicts(method, url));
    rows = rowsOf(byAddress);
    await open.close();
    await strict.close();
  });

  it('matches the table in the documents', async () => {
    const text = `${[...LEGEND, headLine(), ...rows].join('\n')}\n`;
    if (process.env['ROLE_ROUTES'] === 'write') await writeFile(FILE, text);
    assert.deepEqual((await readFile(FILE, 'utf8')).split('\n'), text.split('\n'));
  });

  it('is listed for every served address', () => {
    assert.ok(served.length > 300, `${served.length} routes`);
    for (const each of ['GET /api/v1/faults/stream', 'POST /api/v1/auth/login', 'GET /', 'GET /api/v1/docs/*']) {
      assert.ok(served.includes(each), each);
    }
    assert.ok(served.includes('POST /api/v1/apps/:app_id/x-pump/state'));
  });

  it('is denied without a credential if authentication is required, except for public addresses', () => {
    const columns = rows.map((row) => row.split(/ +/));
    const open = columns.filter(([, , , verdict]) => verdict === '+').map(([method, url]) => `${method} ${url}`);
    assert.deepEqual(open, FOR_ALL);
  });
});

/** Formats one line for each address and its methods; HEAD is merged with GET if both have the same result. */
function rowsOf(byAddress: ReadonlyMap<string, string>): readonly string[] {
  const lines = [...byAddress].flatMap(([address, verdicts]) => {
    const [method = '', url = ''] = address.split(' ');
    if (method === 'HEAD' && byAddress.get(`GET ${url}`) === verdicts) return [];
    return [[url, method, verdicts] as const];
  });
  lines.sort(([a, m], [b, n]) => (a === b ? m.localeCompare(n) : a < b ? -1 : 1));
  return lines.map(([url, method, verdicts]) => `${method.padEnd(7)} ${url.padEnd(WIDTH)} ${verdicts}`);
}

/** Width of the longest address. */
const WIDTH = 99;

const headLine = (): string => `# ${''.padEnd(WIDTH + 6)} ${COLUMNS.join(' ')}`;
