import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { memoryRuntime } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock, SimulatedNames, SimulatedNetwork } from '@medkit/edges/testing';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import { memoryDatabase } from '../../testing/memory-database.ts';
import { testConfig } from '../../testing/test-gateway.ts';
import { testServer } from '../../testing/test-server.ts';
import { openPeers } from '../open-peers.ts';

const TOKEN = 'a-token-of-the-yard';
const TREE = { gateway: { instance: 'yard-run' }, items: [{ id: 'crane', type: 'app', name: 'crane' }] };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0).reverse()) await gateway.close();
});

function lab() {
  const clock = new SimulatedClock();
  const random = seededRandom(7);
  return { clock, random, network: new SimulatedNetwork({ clock, random }) };
}

interface GatewayChanges {
  readonly range?: string;
  readonly token?: string;
  readonly database?: GatewayDatabase;
  readonly files?: Readonly<Record<string, string>>;
  readonly aggregation?: Readonly<Record<string, unknown>>;
  readonly host?: string;
  readonly port?: number;
  readonly publicUrl?: string;
}

/**
 * A gateway at an address of a simulated network. All peers that it calls over HTTP have a tree with the app `crane`.
 */
async function gateway(
  { clock, random, network }: ReturnType<typeof lab>,
  address: string,
  name: string,
  changes: GatewayChanges = {},
) {
  const lines: string[] = [];
  const requests: string[] = [];
  const log = (level: string, message: string): void => void lines.push(`${level}: ${message}`);
  const config = await testConfig({
    server: { host: changes.host ?? '0.0.0.0', token: changes.token ?? '', public_url: changes.publicUrl ?? '' },
    aggregation: { enabled: true, mdns_name: name, ...changes.aggregation },
  });
  const database = changes.database ?? memoryDatabase(clock);
  const runtime = memoryRuntime({ name: 'ros2' });
  const peers = await openPeers({
    config,
    gateway: `${name}-run`,
    taken: ['ros2'],
    files: new MemoryFiles(changes.files),
    names: new SimulatedNames({ [address]: [address], '10.0.0.2': ['10.0.0.2'], '127.0.0.1': ['127.0.0.1'] }),
    clock,
    random,
    log,
    http: async () => ({
      async open({ url, headers, signal }) {
        requests.push([url, headers?.['authorization']].filter(Boolean).join(' '));
        signal?.throwIfAborted();
        const reply = { status: 200, headers: { etag: '"1"' }, close: () => undefined };
        if (url.endsWith('/events')) return { ...reply, body: never(signal) };
        return { ...reply, body: part(JSON.stringify(TREE)) };
      },
    }),
  });
  const model = await openModel({ runtimes: [runtime], clock, log, gateway: `${name}-run` });
  const server = await testServer({ config, model, clock, log, database, ...(peers && { peers }) });
  await peers?.discover({
    config,
    environment: { ROS_AUTOMATIC_DISCOVERY_RANGE: changes.range ?? 'SUBNET' },
    model,
    database,
    port: changes.port ?? 8080,
    machineName: 'Robot.Machine',
    datagrams: network.host(address),
    random,
  });
  const ask = async (method: 'GET' | 'PUT' | 'DELETE', path: string, payload?: object) => {
    const headers = { host: '127.0.0.1', ...(changes.token && { authorization: `Bearer ${changes.token}` }) };
    const reply = await server.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.payload === '' ? undefined : reply.json() };
  };
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await peers?.close();
    await server.close();
    await model.close();
  };
  opened.push({ close });
  return { lines, requests, ask, close, database };
}

async function* part(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function* never(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  yield Buffer.from(':connected\n\n');
  await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('closed'))));
}

const peersOf = async ({ ask }: Awaited<ReturnType<typeof gateway>>) =>
  (await ask('GET', '/x-medkit-peers')).body.items.map(
    ({ name, url, status }: Readonly<Record<string, string>>) => `${name} ${url} ${status}`,
  );
const idsOf = async ({ ask }: Awaited<ReturnType<typeof gateway>>) =>
  (await ask('GET', '/apps')).body.items.map(({ id }: { readonly id: string }) => id);

const DISCOVER = { discover: true };
const ANNOUNCE = { announce: true };
const YARD = 'yard http://10.0.0.2:8080';
const APPROVAL = '/x-medkit-peers/yard/approval';

describe('a gateway that looks for others', () => {
  it('sends no request to a new gateway until it is approved, shows it then, and no longer once the approval is withdrawn', async () => {
    const all = lab();
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: DISCOVER });
    await gateway(all, '10.0.0.2', 'yard', { aggregation: ANNOUNCE });
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual(await peersOf(head), [`${YARD} pending`]);
    const { warnings, peers } = (await head.ask('GET', '/health')).body;
    assert.equal(peers[0].status, 'pending');
    const warning = warnings.find(({ code }: { readonly code: string }) => code === 'peer_pending');
    assert.match(warning.message, /yard at http:\/\/10\.0\.0\.2:8080.*medkit peers approve <name>/);
    assert.deepEqual([head.requests.length, await idsOf(head)], [0, []]);

    const otherUrl = await head.ask('PUT', APPROVAL, { url: 'http://10.0.0.66:8080' });
    assert.deepEqual([otherUrl.status, otherUrl.body.error_code], [409, 'precondition-not-fulfilled']);
    const unknown = await head.ask('PUT', '/x-medkit-peers/nobody/approval', { url: 'http://10.0.0.2:8080' });
    assert.deepEqual([unknown.status, unknown.body.error_code], [404, 'resource-not-found']);
    assert.equal(head.requests.length, 0);

    assert.equal((await head.ask('PUT', APPROVAL, { url: 'http://10.0.0.2:8080' })).status, 204);
    await all.clock.advanceAsync(1000, 50);
    assert.deepEqual([await peersOf(head), await idsOf(head)], [[`${YARD} online`], ['crane']]);
    assert.ok(head.requests.every((request) => request.startsWith('http://10.0.0.2:8080/api/v1/')));

    assert.equal((await head.ask('DELETE', APPROVAL)).status, 204);
    await all.clock.advanceAsync(100, 50);
    assert.deepEqual([await peersOf(head), await idsOf(head)], [[`${YARD} pending`], []]);
    assert.equal((await head.ask('DELETE', APPROVAL)).status, 404);
  });

  it('passes no credentials of a client to a discovered gateway, whatever is configured for others', async () => {
    const all = lab();
    const token = 'the-token-of-the-head';
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: { ...DISCOVER, forward_auth: true }, token });
    await gateway(all, '10.0.0.2', 'yard', { aggregation: ANNOUNCE });
    await all.clock.advanceAsync(3000, 50);
    await head.ask('PUT', APPROVAL, { url: 'http://10.0.0.2:8080' });
    await all.clock.advanceAsync(1000, 50);
    const asking = head.ask('GET', '/apps/crane/data/pose');
    await all.clock.advanceAsync(1000, 50);
    await asking;
    const data = head.requests.filter((request) => request.includes('/data/'));
    assert.deepEqual([data.length, head.requests.join().includes(token)], [1, false]);
  });

  it('knows approved gateways after a restart, also one that does not announce itself', async () => {
    const all = lab();
    const before = await gateway(all, '10.0.0.1', 'head', { aggregation: DISCOVER });
    const yard = await gateway(all, '10.0.0.2', 'yard', { aggregation: ANNOUNCE });
    await all.clock.advanceAsync(3000, 50);
    await before.ask('PUT', APPROVAL, { url: 'http://10.0.0.2:8080' });
    await before.close();
    const { database } = before;
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: DISCOVER, database });
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual(await peersOf(head), [`${YARD} online`]);
    await yard.close();
    await all.clock.advanceAsync(100, 50);
    assert.deepEqual([await peersOf(head), await idsOf(head)], [[`${YARD} offline`], []]);
    await head.ask('DELETE', APPROVAL);
    assert.deepEqual(await peersOf(head), []);
  });

  it('admits a gateway whose token it knows, and sends that token to no other gateway', async () => {
    const all = lab();
    const files = { '/run/yard': `${TOKEN}\n` };
    const keyed = { ...DISCOVER, peer_urls: [''], peer_names: ['yard'], peer_token_files: ['/run/yard'] };
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: keyed, files });
    const mallory = await gateway(all, '10.0.0.66', 'yard', { aggregation: ANNOUNCE, token: 'another-token-of-it' });
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual([await peersOf(head), head.requests.length], [['yard http://10.0.0.66:8080 pending'], 0]);
    await mallory.close();
    await gateway(all, '10.0.0.2', 'yard', { aggregation: ANNOUNCE, token: TOKEN });
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual([await peersOf(head), await idsOf(head)], [[`${YARD} online`], ['crane']]);
    assert.ok(
      head.requests.every((request) => /^http:\/\/10\.0\.0\.2:8080\/.* Bearer a-token-of-the-yard$/.test(request)),
    );
    const output = JSON.stringify([(await head.ask('GET', '/health')).body, head.lines]);
    assert.ok(!output.includes(TOKEN));
  });

  it('finds neither itself nor gateways that are out of its discovery range', async () => {
    const all = lab();
    const both = { ...DISCOVER, ...ANNOUNCE };
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: both });
    const off = await gateway(all, '10.0.0.3', 'off', { aggregation: both, range: 'OFF' });
    await gateway(all, '10.0.0.4', 'local', { aggregation: both, range: 'LOCALHOST' });
    await gateway(all, '10.0.0.5', 'hidden', { aggregation: both, host: '127.0.0.1' });
    await all.clock.advanceAsync(5000, 50);
    assert.deepEqual(await peersOf(head), []);
    const { discovery } = (await head.ask('GET', '/x-medkit-peers')).body;
    assert.deepEqual([discovery.announced_as, discovery.interfaces], ['head', ['10.0.0.1']]);
    assert.ok(discovery.dropped.own > 0);
    assert.match(off.lines.join('\n'), /ROS_AUTOMATIC_DISCOVERY_RANGE is OFF/);
    assert.equal((await off.ask('PUT', APPROVAL, { url: 'http://10.0.0.2:8080' })).status, 501);
  });

  it('is announced by the name of its machine, and by another one if that is taken', async () => {
    const all = lab();
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: { ...DISCOVER } });
    for (const address of ['10.0.0.2', '10.0.0.3']) {
      await gateway(all, address, `at-${address}`, { aggregation: { ...ANNOUNCE, mdns_name: '' } });
      await all.clock.advanceAsync(3000, 50);
    }
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual(await peersOf(head), [
      'robot_machine http://10.0.0.2:8080 pending',
      'robot_machine-2 http://10.0.0.3:8080 pending',
    ]);
  });

  for (const port of [-1, 0, 70_000]) {
    it(`[edge] is announced at 8080 if it has no port, and reports it: ${port}`, async () => {
      const all = lab();
      const head = await gateway(all, '10.0.0.1', 'head', { aggregation: DISCOVER });
      const yard = await gateway(all, '10.0.0.2', 'yard', { aggregation: ANNOUNCE, port });
      await all.clock.advanceAsync(3000, 50);
      assert.deepEqual(await peersOf(head), [`${YARD} pending`]);
      assert.ok(yard.lines.includes(`error: ${port} is not a valid port: this gateway is announced at 8080`));
    });
  }

  it('is announced at the port of server.public_url, which other machines can reach although the gateway is on loopback', async () => {
    const all = lab();
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: { ...DISCOVER, peer_scheme: 'https' } });
    const behind = { aggregation: ANNOUNCE, host: '127.0.0.1', publicUrl: 'https://yard.lan:8443' };
    await gateway(all, '10.0.0.2', 'yard', behind);
    const low = await gateway(all, '10.0.0.3', 'low', { ...behind, publicUrl: 'https://yard.lan' });
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual(await peersOf(head), ['yard https://10.0.0.2:8443 pending']);
    assert.match(low.lines.join('\n'), /announced at port 443, but other gateways ignore ports below 1024/);
  });

  it('continues without multicast DNS if its port is not available', async () => {
    const all = lab();
    const taken = all.network.host('10.0.0.1');
    const interfaces = taken.interfaces();
    all.network.host = () => ({
      interfaces: () => interfaces,
      setAddresses: () => undefined,
      bind: () => Promise.reject(new Error('EACCES')),
    });
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: { ...DISCOVER, ...ANNOUNCE } });
    assert.deepEqual(await peersOf(head), []);
    assert.match(
      head.lines.join('\n'),
      /error: Gateways are not discovered, and this gateway is not announced: EACCES/,
    );
  });

  it('does nothing if aggregation is off, and reports it', async () => {
    const all = lab();
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: { ...DISCOVER, enabled: false } });
    assert.deepEqual(await peersOf(head), []);
    assert.deepEqual(head.lines, [
      'warn: aggregation.announce and aggregation.discover have no effect while aggregation.enabled is off',
    ]);
  });

  it('reports which settings contradict each other', async () => {
    const all = lab();
    const contradictory = { ...DISCOVER, peer_scheme: 'gopher', require_tls: true };
    const head = await gateway(all, '10.0.0.1', 'head', { aggregation: contradictory });
    await gateway(all, '10.0.0.2', 'yard', { aggregation: ANNOUNCE });
    await all.clock.advanceAsync(3000, 50);
    assert.deepEqual(await peersOf(head), []);
    const output = head.lines.join('\n');
    assert.match(output, /error: aggregation\.peer_scheme is "gopher", which is neither http nor https: http is used/);
    assert.match(output, /require_tls is on and aggregation\.peer_scheme is http: no discovered gateway can be shown/);
  });
});
