import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { LIFECYCLE_ACTIONS, type Permission } from '@medkit/contract';
import { memoryConfigurations } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { eventually } from '../harness/eventually.ts';
import { bearer, openTestAccounts } from '../security/account-gateway.ts';
import { armGateways, armRobot, type Gateway, proxyFor } from './robots.ts';

const { start, closeAll } = armGateways();
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await closeAll();
  for (const each of undo.splice(0).reverse()) await each();
});

let seed = 1;

async function folderOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `medkit-${name}-`));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns the accounts of a gateway on which every client has to authenticate. */
async function accountsOf(instance: string, token = '', requiredFor = 'all') {
  const [folder, changes] = [await folderOf(instance), { auth: { require_auth_for: requiredFor }, server: { token } }];
  seed += 1;
  const { known, accounts, principals } = await openTestAccounts({
    folder,
    changes,
    instance,
    seed,
    clock: systemClock,
  });
  undo.push(() => known.close());
  const keyFor = async (role: string, permissions?: readonly Permission[]) =>
    (await accounts.keys.add({ name: role, role, owner: 'local', ...(permissions && { permissions }) })).text;
  return { accounts, keyFor, parts: { accounts: known, principals } };
}

/** Starts a robot whose arm can be restarted, and that records these requests. */
async function yardWith(restarts: string[]) {
  const { parts, ...accounts } = await accountsOf('yard');
  const lifecycle = {
    status: async () => ({ status: 'ready', actions: LIFECYCLE_ACTIONS }) as const,
    change: async (nativeId: string, action: string) => void restarts.push(`${action} ${nativeId}`),
  };
  const gateway = await start('yard', { parts, robot: armRobot('yard', { lifecycle }) });
  return { ...accounts, gateway };
}

const TOKEN = 'the-token-of-the-dock';

/** Starts a gateway that aggregates the yard, with a key for it. */
async function headWith(key: string, url: string, aggregation = {}, requiredFor = 'all') {
  const { parts, ...accounts } = await accountsOf('dock', TOKEN, requiredFor);
  const file = join(await folderOf('key'), 'yard.key');
  await writeFile(file, `${key}\n`, { mode: 0o600 });
  const config = { server: { token: TOKEN }, aggregation: { peer_token_files: [file], ...aggregation } };
  const gateway = await start('dock', { parts, config, peers: { yard: url } });
  return { ...accounts, gateway };
}

const RESTART = '/apps/yard_arm/status/restart';

/** Returns the changes recorded by a gateway: client, on-behalf-of and outcome, the newest first. */
async function changesOf(gateway: Gateway, key: string) {
  const { items } = (await gateway.ask('GET', '/x-medkit-audit', undefined, bearer(key))).body;
  return items.map(({ request }: { readonly request: Record<string, string> }) => [
    request['operation_id'],
    request['principal'],
    request['on_behalf_of'],
    Number(request['status']),
  ]);
}

describe('a client that lacks a permission at a head', () => {
  it('is refused there without a request to the robot; an allowed client is forwarded with its identity', async () => {
    const restarts: string[] = [];
    const yard = await yardWith(restarts);
    const dock = await headWith(await yard.keyFor('admin'), yard.gateway.url);
    const [viewer, operator] = [await dock.keyFor('viewer'), await dock.keyFor('operator')];
    const restart = (key: string) => dock.gateway.ask('PUT', RESTART, undefined, bearer(key));
    const { status, body } = await restart(viewer);
    assert.deepEqual(
      [status, body.error_code, body.parameters],
      [
        403,
        'insufficient-access-rights',
        { permission: 'status.start', role: 'viewer', roles: ['operator', 'configurator', 'admin'] },
      ],
    );
    assert.deepEqual(restarts, []);
    assert.equal((await restart(operator)).status, 202);
    assert.deepEqual(restarts, ['restart /arm']);
    const [peerKey] = yard.accounts.keys.list();
    const [, operatorKey] = dock.accounts.keys.list();
    assert.deepEqual(await changesOf(yard.gateway, await yard.keyFor('admin')), [
      ['putAppStatusRestart', `key:${peerKey?.id}`, `key:${operatorKey?.id}`, 202],
    ]);
  });

  it('is refused at the robot as well, if the head would allow it', async () => {
    const restarts: string[] = [];
    const yard = await yardWith(restarts);
    const admin = bearer(await yard.keyFor('admin'));
    const restart = (headers: Readonly<Record<string, string>>) => yard.gateway.ask('PUT', RESTART, undefined, headers);
    const asViewer = { 'x-medkit-on-behalf-of': 'user:alice', 'x-medkit-permissions': 'self,read,files.read' };
    assert.equal((await restart({ ...admin, ...asViewer })).status, 403);
    // Never more than the permissions of the key itself, whatever the headers claim; unknown permissions are ignored.
    const viewer = bearer(await yard.keyFor('viewer'));
    const everything = { 'x-medkit-on-behalf-of': 'user:alice', 'x-medkit-permissions': 'read,status.start,accounts' };
    assert.equal((await restart({ ...viewer, ...everything })).status, 403);
    const odd = { 'x-medkit-on-behalf-of': 'user:alice', 'x-medkit-permissions': 'everything, *, constructor' };
    assert.equal((await restart({ ...admin, ...odd })).status, 403);
    const long = { 'x-medkit-on-behalf-of': 'user:alice', 'x-medkit-permissions': `status.start,${'x'.repeat(2000)}` };
    assert.equal((await restart({ ...admin, ...long })).status, 403);
    assert.deepEqual(restarts, []);
    assert.equal((await restart({ ...admin, ...everything })).status, 202);
  });

  it('is not identified by a key that may not act for others, but is restricted by the claim', async () => {
    const restarts: string[] = [];
    const yard = await yardWith(restarts);
    const key = bearer(await yard.keyFor('admin', ['read', 'status.start']));
    const said = (permissions: string) => ({
      'x-medkit-on-behalf-of': 'user:root',
      'x-medkit-permissions': permissions,
    });
    assert.equal((await yard.gateway.ask('PUT', RESTART, undefined, { ...key, ...said('read') })).status, 403);
    assert.equal((await yard.gateway.ask('PUT', RESTART, undefined, { ...key, ...said('status.start') })).status, 202);
    assert.equal(restarts.length, 1);
    const id = yard.accounts.keys.list()[0]?.id;
    const changes = await changesOf(yard.gateway, await yard.keyFor('admin'));
    assert.deepEqual(changes, [
      ['putAppStatusRestart', `key:${id}`, undefined, 202],
      ['putAppStatusRestart', `key:${id}`, undefined, 403],
    ]);
  });

  it('gets the refusal of the robot if the key of the head has fewer permissions, and the robot does not count as offline', async () => {
    const yard = await yardWith([]);
    const dock = await headWith(await yard.keyFor('viewer'), yard.gateway.url);
    const admin = bearer(await dock.keyFor('admin'));
    const { status, body } = await dock.gateway.ask('PUT', RESTART, undefined, admin);
    assert.deepEqual(
      [status, body.error_code, body.parameters.permission],
      [403, 'insufficient-access-rights', 'status.start'],
    );
    const [peer] = (await dock.gateway.ask('GET', '/x-medkit-peers', undefined, admin)).body.items;
    assert.equal(peer.status, 'online');
  });
});

describe('a client that may only read at a head', () => {
  it('sees no more of a robot than a reader there, though the key of the head may do more', async () => {
    const { parts, ...yard } = await accountsOf('yard');
    const configurations = memoryConfigurations({
      '/arm': { 'wifi.password': { type: 'string', value: 'canary' }, rate: { type: 'int', value: 1 } },
    });
    const gateway = await start('yard', { parts, robot: armRobot('yard', { configurations }) });
    const dock = await headWith(await yard.keyFor('admin'), gateway.url, {}, 'write');
    const [viewer, admin] = [bearer(await dock.keyFor('viewer')), bearer(await dock.keyFor('admin'))];
    const paths = [
      '/apps/yard_arm/configurations',
      '/apps/yard_arm/configurations/wifi.password',
      '/components/yard_base/configurations',
      '/areas/hall/configurations',
    ];
    for (const path of paths) {
      for (const [headers, isVisible] of [
        [{}, false],
        [viewer, false],
        [admin, true],
      ] as const) {
        const { status, text } = await dock.gateway.ask('GET', path, undefined, headers);
        assert.deepEqual([status, text.includes('canary')], [200, isVisible], path);
      }
    }
  });
});

describe('a change at several robots', () => {
  it('is made for the requesting client at each of them', async () => {
    const yard = await yardWith([]);
    const dock = await headWith(await yard.keyFor('admin'), yard.gateway.url);
    const operator = bearer(await dock.keyFor('operator'));
    assert.equal((await dock.gateway.ask('DELETE', '/areas/hall/faults', undefined, operator)).status, 204);
    const [peerKey] = yard.accounts.keys.list();
    const [operatorKey] = dock.accounts.keys.list();
    const changes = await changesOf(yard.gateway, await yard.keyFor('admin'));
    assert.deepEqual(
      changes.map(([, ...others]: readonly unknown[]) => others),
      [[`key:${peerKey?.id}`, `key:${operatorKey?.id}`, 204]],
    );
  });
});

/** Minimum permissions of a head's key: to show the robot, with its files and its audit log. */
const LEAST: readonly Permission[] = ['read', 'files.read', 'audit.read', 'audit.verify'];

describe('the key with which a head aggregates a robot', () => {
  it('needs only the permissions to read, to read files, and to read and verify the audit log', async () => {
    const yard = await yardWith([]);
    const urls: string[] = [];
    const front = await proxyFor(yard.gateway, ({ url = '' }) => {
      urls.push(url);
      return false;
    });
    undo.push(front.close);
    const copies = { fault_copies_mb: 1, recording_copies_mb: 1 };
    const dock = await headWith(await yard.keyFor('admin', LEAST), front.url, copies);
    const admin = bearer(await dock.keyFor('admin'));
    const read = (path: string) => dock.gateway.ask('GET', path, undefined, admin);
    await eventually('the faults of both', async () => (await read('/faults')).body.items.length > 1);
    for (const path of [
      '/apps/yard_arm',
      '/apps/yard_arm/data/pose',
      '/areas/hall/data',
      '/faults',
      '/version-info',
      '/apps/yard_arm/bulk-data',
      '/x-medkit-peers',
    ]) {
      const { status, body } = await read(path);
      assert.equal(status, 200, path);
      assert.equal(body['x-medkit']?.failed_peers, undefined, path);
    }
    const audit = await read('/x-medkit-audit');
    assert.deepEqual([audit.status, JSON.stringify(audit.body).includes('failed')], [200, false]);
    const verified = await read('/x-medkit-audit/verify');
    assert.equal(verified.status, 200);
    assert.ok(
      urls.some((each) => each.includes('/x-medkit-tree')) && urls.some((each) => each.includes('/faults/stream')),
      urls.join('\n'),
    );
  });

  it('is sent to no other host, and credentials of a client are not forwarded as a key', async () => {
    const yard = await yardWith([]);
    const credentials: (string | undefined)[] = [];
    const front = await proxyFor(yard.gateway, ({ headers }) => {
      credentials.push(headers.authorization, headers.cookie);
      return false;
    });
    undo.push(front.close);
    const key = await yard.keyFor('admin', LEAST);
    const dock = await headWith(key, front.url);
    const client = await dock.keyFor('admin');
    const reply = await dock.gateway.ask('GET', '/apps/yard_arm/data/pose', undefined, {
      ...bearer(client),
      cookie: 'a=b',
    });
    assert.equal(reply.status, 200);
    assert.deepEqual([...new Set(credentials)], [`Bearer ${key}`, undefined]);
    assert.doesNotMatch(JSON.stringify(dock.gateway.lines) + JSON.stringify(yard.gateway.lines), /mdk_\w{8}_/);
  });

  it('ends the streams of the head when it is revoked at the robot, which its client sees as a break', async () => {
    const yard = await yardWith([]);
    const dock = await headWith(await yard.keyFor('admin', LEAST), yard.gateway.url);
    const admin = bearer(await dock.keyFor('admin'));
    await yard.accounts.keys.remove(yard.accounts.keys.list()[0]?.id ?? '');
    const { status, body } = await dock.gateway.ask('GET', '/apps/yard_arm/data/pose', undefined, admin);
    assert.deepEqual([status, body.error_code, body.vendor_code], [502, 'vendor-error', 'x-medkit-peer-unavailable']);
    assert.match(body.parameters.details, /another token: check its token file/);
  });
});
